"""What every source of data hands over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

CLASSIFICATION = "classification"
REGRESSION = "regression"
TASKS = (CLASSIFICATION, REGRESSION)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples in rows; both arrays are C-contiguous and read-only, since every job of a sweep shares them.

    Attributes:
        name: What a person calls it.
        task: "classification" or "regression".
        inputs: (examples, features); uint8 for images, else float64; not scaled.
        targets: (examples, outputs); one-hot float32 for classes, float64 values for regression.
        feature_names: One per column of the inputs.
        class_names: One per column of the targets; empty for regression.
        official_test: How many of the last rows are the official test split; 0 where there is none.
        source: Where it came from: a function, an absolute path, or "generated".
        note: What its source guessed, and the setting that says otherwise; empty where nothing was guessed.
    """

    name: str
    task: str
    inputs: npt.NDArray[Any]
    targets: npt.NDArray[Any]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str
    official_test: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        """Keep the arrays from being changed by accident."""
        object.__setattr__(self, "inputs", _read_only(self.inputs))
        object.__setattr__(self, "targets", _read_only(self.targets))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the content; neither name, place nor note changes it."""
        header = {
            "feature_names": self.feature_names,
            "class_names": self.class_names,
            "official_test": self.official_test,
            "arrays": [(values.dtype.str, values.shape) for values in (self.inputs, self.targets)],
        }
        digest = hashlib.sha256(json.dumps(header).encode())
        digest.update(self.inputs.data)
        digest.update(self.targets.data)
        return digest.hexdigest()


def one_hot(labels: npt.NDArray[Any], classes: int) -> npt.NDArray[np.float32]:
    """Return (examples, classes) with a one in the column of each whole-number label."""
    encoded = np.zeros((len(labels), classes), dtype=np.float32)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


def _read_only(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view
