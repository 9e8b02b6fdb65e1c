"""A table of your own: a text file whose first line names the columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nnlab.checks import Check, Parameter, one_or_list, text
from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._own import existing
from nnlab.data.sources._table import labels, mostly_numbers, numbers, read_table
from nnlab.data.sources._targets import TASK, Targets, classes, decide, looks_like_classes, note_of_guess, quantities
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
    "separator": Parameter(",", _separator()),
}
COMMON = common_parameters(None)


def load(path: str, target: str | list[str], task: str | None, separator: str) -> Dataset:
    """Read a table; every column that is no target is a feature.

    Raises:
        ConfigurationError: no such target, or classes asked of several targets.
        DataError: no such file, no table, no feature, or a value that is missing or no number.
    """
    file = existing(path)
    frame = read_table(file, separator)
    names = [target] if isinstance(target, str) else target
    features = _features(frame, names, file)
    targets = _targets(frame, names, task, file)
    return Dataset(
        name=file.stem,
        task=targets.task,
        inputs=numbers(frame, features, file),
        targets=targets.values,
        feature_names=tuple(features),
        class_names=targets.class_names,
        source=str(file),
        note=note_of_guess(task, targets, names[0], holds_text=frame[names[0]].to_numpy().dtype.kind == "O"),
    )


def _features(frame: Any, targets: list[str], file: Path) -> list[str]:
    columns = [str(column) for column in frame.columns]
    for name in targets:
        if name not in columns:
            raise unknown_name(f"column of {file} in dataset.target:", name, columns)
    features = [column for column in columns if column not in targets]
    if not features:
        raise DataError(f"{file}: no column besides the target: at least one feature is needed")
    return features


def _targets(frame: Any, names: list[str], task: str | None, file: Path) -> Targets:
    first = frame[names[0]]
    if decide(task, len(names), lambda: _looks_like_classes(first)) == CLASSIFICATION:
        return classes(labels(first, file), str(file))
    return quantities(numbers(frame, names, file))


def _looks_like_classes(column: Any) -> bool:
    values = column.to_numpy()
    if values.dtype.kind != "O":
        return looks_like_classes(values)
    # A quantity with a typing error in it is a column of text, too.
    return not mostly_numbers(column)
