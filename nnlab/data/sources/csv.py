"""A table of your own: a text file whose first line names the columns.

Source: your own file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import Check, Parameter, one_or_list, optional, text
from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, MULTILABEL, Dataset
from nnlab.data.sources._attributes import HEADS, attributes, check_heads
from nnlab.data.sources._own import checked_weights, existing
from nnlab.data.sources._table import labels, mostly_numbers, numbers, read_table, zeros_and_ones
from nnlab.data.sources._targets import (
    TASK,
    Targets,
    classes,
    decide,
    looks_like_classes,
    multi_hot,
    note_of_guess,
    quantities,
)
from nnlab.errors import DataError, bad_value, unknown_name


def _separator() -> Check:
    def check(key: str, value: Any) -> str:
        if value == "tab":
            return "\t"
        if not isinstance(value, str) or len(value) != 1:
            raise bad_value(key, value, "one character, or tab")
        return value

    return check


NAME = text("the name of a column, or a list of names")
PARAMETERS = {
    "path": Parameter(None, text("the path of a CSV file")),
    "target": Parameter(None, one_or_list(NAME, NAME)),
    "task": TASK,
    "heads": HEADS,
    "weights": Parameter(None, optional(text("null or the name of a column"))),
    "separator": Parameter(",", _separator()),
}
COMMON = common_parameters(None)


def load(
    path: str, target: str | list[str], task: str | None, heads: str, weights: str | None, separator: str
) -> Dataset:
    """Read a table; every column that is neither a target nor the sample weights is a feature.

    Several targets of a classification are attributes: a head each, or one class per combination.

    Raises:
        ConfigurationError: no such target or weights, or joint heads where there are none.
        DataError: no such file, no table, no feature, or a value that is missing, no number or no weight.
    """
    file = existing(path)
    frame = read_table(file, separator)
    names = [target] if isinstance(target, str) else target
    features = _features(frame, names, weights, file)
    targets = _targets(frame, names, task, heads, file)
    return Dataset(
        name=file.stem,
        task=targets.task,
        inputs=numbers(frame, features, file),
        targets=targets.values,
        feature_names=tuple(features),
        class_names=targets.class_names,
        source=str(file),
        note=note_of_guess(task, targets, names[0], holds_text=frame[names[0]].to_numpy().dtype.kind == "O"),
        sample_weights=_weights(frame, weights, file),
        heads=targets.heads,
        combined=targets.combined,
    )


def _features(frame: Any, targets: list[str], weights: str | None, file: Path) -> list[str]:
    columns = [str(column) for column in frame.columns]
    others = [("target", name) for name in targets] + ([] if weights is None else [("weights", weights)])
    for key, name in others:
        if name not in columns:
            raise unknown_name(f"column of {file} in dataset.{key}:", name, columns)
    if weights in targets:
        raise bad_value("dataset.weights", weights, "a column that is no target")
    features = [column for column in columns if column not in (*targets, weights)]
    if not features:
        raise DataError(f"{file}: no column besides the target: at least one feature is needed")
    return features


def _targets(frame: Any, names: list[str], task: str | None, heads: str, file: Path) -> Targets:
    first = frame[names[0]]
    if task is None and len(names) > 1 and all(_looks_like_text(frame[name]) for name in names):
        task = CLASSIFICATION
    decided = decide(task, len(names), lambda: _looks_like_classes(first))
    check_heads(heads, decided, len(names))
    if decided == CLASSIFICATION and len(names) > 1:
        return attributes({name: labels(frame[name], file) for name in names}, heads, f"{file}: column")
    if decided == CLASSIFICATION:
        return classes(labels(first, file), str(file))
    if decided == MULTILABEL:
        return multi_hot(zeros_and_ones(frame, names, file), names)
    return quantities(numbers(frame, names, file))


def _weights(frame: Any, name: str | None, file: Path) -> npt.NDArray[np.float64] | None:
    if name is None:
        return None
    return checked_weights(numbers(frame, [name], file)[:, 0], f"{file}: column '{name}'")


def _looks_like_text(column: Any) -> bool:
    return column.to_numpy().dtype.kind == "O" and not mostly_numbers(column)


def _looks_like_classes(column: Any) -> bool:
    values = column.to_numpy()
    if values.dtype.kind != "O":
        return looks_like_classes(values)
    # A quantity with a typing error in it is a column of text, too.
    return not mostly_numbers(column)
