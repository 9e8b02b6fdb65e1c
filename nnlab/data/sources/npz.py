"""Arrays of your own: a NumPy .npz file with X and y, and X_test and y_test where there is a test split.

Examples that do not count the same have their weights in sample_weights, and in sample_weights_test.
Source: your own file.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import Parameter, optional, text
from nnlab.data.common import common_parameters, part
from nnlab.data.dataset import CLASSIFICATION, MULTILABEL, Dataset
from nnlab.data.sources._attributes import HEADS, attributes, check_heads
from nnlab.data.sources._own import checked_weights, existing
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
from nnlab.errors import DataError

PARAMETERS = {"path": Parameter(None, text("the path of an npz file")), "task": TASK, "heads": HEADS}
# test: null stands for X_test and y_test where the file has them.
COMMON = common_parameters(None, test=Parameter(None, optional(part())))

WEIGHTS = "sample_weights"
ENDS = ("", "_test")
NUMBERS = "iufb"
TEXT = "U"

Array = npt.NDArray[Any]


def load(path: str, task: str | None, heads: str) -> Dataset:
    """Read X (examples, ...), flattened to (examples, features), and y (examples,) or (examples, outputs).

    Several columns of y in a classification are attributes: a head each, or one class per combination.
    X keeps its type where it is uint8; X_test and y_test, if any, become the official test split. All of
    sample_weights (examples,) must be at least 0.

    Raises:
        ConfigurationError: joint heads where there are none.
        DataError: no such file, no npz file, an array that is missing, does not match or is not of numbers.
    """
    file = existing(path)
    arrays = _read(file)
    _check_match(arrays, file)
    inputs = _inputs(_joined(arrays, "X", file))
    targets = _targets(arrays, task, heads, file)
    return Dataset(
        name=file.stem,
        task=targets.task,
        inputs=inputs,
        targets=targets.values,
        feature_names=tuple(f"feature_{column}" for column in range(inputs.shape[1])),
        class_names=targets.class_names,
        source=str(file),
        official_test=len(arrays.get("X_test", ())),
        note=note_of_guess(task, targets, "y", holds_text=arrays["y"].dtype.kind == TEXT),
        sample_weights=_weights(arrays, file),
        heads=targets.heads,
        combined=targets.combined,
    )


def _read(file: Path) -> dict[str, Array]:
    try:
        # Opened here, since NumPy leaves a damaged file open.
        with file.open("rb") as stream:
            loaded = np.load(stream, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                raise DataError(f"{file}: one array: save X and y with numpy.savez")
            names = [f"{name}{end}" for end in ENDS for name in ("X", "y", WEIGHTS)]
            return {name: _array(loaded, name, file) for name in names if name in loaded}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{file}: not a whole npz file ({error})") from error


def _array(opened: Any, name: str, file: Path) -> Array:
    """Read one array and check its values."""
    try:
        values: Array = opened[name]
    except ValueError as error:
        raise DataError(f"{file}: {name} cannot be read without pickle: save it as numbers") from error
    kinds = NUMBERS + TEXT if name.startswith("y") else NUMBERS
    if values.dtype.kind not in kinds or values.ndim == 0 or values.size == 0:
        raise DataError(
            f"{file}: {name} has the type {values.dtype} and the shape {values.shape}: "
            "it must hold real numbers, an example per row"
        )
    if values.dtype.kind == "f":
        _refuse(values, ~np.isfinite(values), f"{file}: {name}", "finite")
    return values


def _refuse(values: Array, bad: npt.NDArray[np.bool_], where: str, allowed: str) -> None:
    if bad.any():
        place: list[int] = np.argwhere(bad)[0].tolist()
        raise DataError(f"{where}{place} is {values[tuple(place)]}: all values must be {allowed}")


def _check_match(arrays: dict[str, Array], file: Path) -> None:
    others = ["y", WEIGHTS] if arrays.keys() & {WEIGHTS, f"{WEIGHTS}_test"} else ["y"]
    ends = ENDS if any(name.endswith("_test") for name in arrays) else ENDS[:1]
    needed = [f"{name}{end}" for end in ends for name in ("X", *others)]
    for name in needed:
        if name not in arrays:
            raise DataError(f"{file}: no array {name}: {' and '.join(needed)} are needed")
    for x, other in ((f"X{end}", f"{name}{end}") for end in ends for name in others):
        examples = len(arrays[x]), len(arrays[other])
        if examples[0] != examples[1]:
            raise DataError(f"{file}: {x} has {examples[0]} examples and {other} {examples[1]}: they must match")


def _joined(arrays: dict[str, Array], name: str, file: Path) -> Array:
    """Return training and test examples in one array, (examples, columns)."""
    parts = [arrays[key].reshape(len(arrays[key]), -1) for key in (name, f"{name}_test") if key in arrays]
    if parts[0].shape[1] != parts[-1].shape[1]:
        raise DataError(
            f"{file}: {name} has {parts[0].shape[1]} values per example and {name}_test "
            f"{parts[-1].shape[1]}: they must match"
        )
    return np.concatenate(parts)


def _inputs(values: Array) -> Array:
    return values if values.dtype == np.uint8 else values.astype(np.float64)


def _targets(arrays: dict[str, Array], task: str | None, heads: str, file: Path) -> Targets:
    values = _joined(arrays, "y", file)
    first = values[:, 0]
    decided = decide(task, values.shape[1], lambda: looks_like_classes(first))
    check_heads(heads, decided, values.shape[1])
    if decided == CLASSIFICATION and values.shape[1] > 1:
        return attributes({f"attribute_{k}": column for k, column in enumerate(values.T)}, heads, f"{file}: y")
    if decided == CLASSIFICATION:
        return classes(first, f"{file}: y")
    if values.dtype.kind == TEXT:
        raise DataError(f"{file}: y holds text: a {decided} needs numbers")
    return _multi_hot(arrays, values, file) if decided == MULTILABEL else quantities(values)


def _multi_hot(arrays: dict[str, Array], values: Array, file: Path) -> Targets:
    for name in ("y", "y_test"):
        if name in arrays:
            _refuse(arrays[name], ~np.isin(arrays[name], (0, 1)), f"{file}: {name}", "0 or 1")
    return multi_hot(values, [f"label_{column}" for column in range(values.shape[1])])


def _weights(arrays: dict[str, Array], file: Path) -> npt.NDArray[np.float64] | None:
    if WEIGHTS not in arrays:
        return None
    weights = _joined(arrays, WEIGHTS, file).astype(np.float64)
    if weights.shape[1] > 1:
        raise DataError(f"{file}: {WEIGHTS} has {weights.shape[1]} values per example: one is needed")
    return checked_weights(weights[:, 0], f"{file}: {WEIGHTS}")
