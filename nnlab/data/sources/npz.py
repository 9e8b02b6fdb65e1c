"""Arrays of your own: a NumPy .npz file with X and y, and X_test and y_test where there is a test split."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import Parameter, optional, text
from nnlab.data.common import common_parameters, part
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._own import existing
from nnlab.data.sources._targets import TASK, Targets, classes, decide, looks_like_classes, note_of_guess, quantities
from nnlab.errors import DataError

PARAMETERS = {"path": Parameter(None, text("the path of an npz file")), "task": TASK}
# test: null stands for X_test and y_test where the file has them.
COMMON = common_parameters(None, test=Parameter(None, optional(part())))

NAMES = ("X", "y", "X_test", "y_test")
NUMBERS = "iufb"
TEXT = "U"

Array = npt.NDArray[Any]


def load(path: str, task: str | None) -> Dataset:
    """Read X (examples, ...), flattened to (examples, features), and y (examples,) or (examples, outputs).

    X keeps its type where it is uint8; X_test and y_test, if any, become the official test split.

    Raises:
        ConfigurationError: classes asked of several targets.
        DataError: no such file, no npz file, an array that is missing, does not match or is not of numbers.
    """
    file = existing(path)
    arrays = _read(file)
    _check_pairs(arrays, file)
    inputs = _inputs(_joined(arrays, "X", file))
    targets = _targets(_joined(arrays, "y", file), task, file)
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
    )


def _read(file: Path) -> dict[str, Array]:
    try:
        # Opened here, since NumPy leaves a damaged file open.
        with file.open("rb") as stream:
            loaded = np.load(stream, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                raise DataError(f"{file}: one array: save X and y with numpy.savez")
            return {name: _array(loaded, name, file) for name in NAMES if name in loaded}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{file}: not a whole npz file ({error})") from error


def _array(opened: Any, name: str, file: Path) -> Array:
    """Read one array and check its values."""
    try:
        values: Array = opened[name]
    except ValueError as error:
        raise DataError(f"{file}: {name} cannot be read without pickle: save it as numbers") from error
    kinds = NUMBERS if name.startswith("X") else NUMBERS + TEXT
    if values.dtype.kind not in kinds or values.ndim == 0 or values.size == 0:
        raise DataError(
            f"{file}: {name} has the type {values.dtype} and the shape {values.shape}: "
            "it must hold real numbers, an example per row"
        )
    _check_finite(values, name, file)
    return values


def _check_finite(values: Array, name: str, file: Path) -> None:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        place: list[int] = np.argwhere(~np.isfinite(values))[0].tolist()
        raise DataError(f"{file}: {name}{place} is {values[tuple(place)]}: all values must be finite")


def _check_pairs(arrays: dict[str, Array], file: Path) -> None:
    needed = NAMES if arrays.keys() & {"X_test", "y_test"} else NAMES[:2]
    for name in needed:
        if name not in arrays:
            raise DataError(f"{file}: no array {name}: {' and '.join(needed)} are needed")
    for x, y in zip(needed[::2], needed[1::2], strict=True):
        if len(arrays[x]) != len(arrays[y]):
            raise DataError(f"{file}: {x} has {len(arrays[x])} examples and {y} {len(arrays[y])}: they must match")


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


def _targets(values: Array, task: str | None, file: Path) -> Targets:
    first = values[:, 0]
    if decide(task, values.shape[1], lambda: looks_like_classes(first)) == CLASSIFICATION:
        return classes(first, f"{file}: y")
    if values.dtype.kind == TEXT:
        raise DataError(f"{file}: y holds text: a regression needs numbers")
    return quantities(values)
