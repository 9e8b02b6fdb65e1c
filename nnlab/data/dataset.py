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
MULTILABEL = "multilabel"
TASKS = (CLASSIFICATION, REGRESSION, MULTILABEL)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples in rows; the arrays are C-contiguous and read-only, since every job of a sweep shares them.

    Attributes:
        name: What a person calls it.
        task: "classification", "regression", or "multilabel" (any number of labels at once).
        inputs: (examples, features); uint8 for images, else float64; not scaled.
        targets: (examples, outputs); one-hot float32 for classes, float32 zeros and ones for labels, float64 values for
            regression.
        feature_names: One per column of the inputs.
        class_names: One per column of the targets, "shape=round" where there are several heads; empty for regression.
        official_test: How many of the last rows are the official test split; 0 where there is none.
        source: Where it came from: a function, an absolute path, or "generated".
        note: What its source guessed, and the setting that says otherwise; empty where nothing was guessed.
        sample_weights: (examples,) float64, finite, at least 0 and not all 0; None where all examples count the same.
        heads: How many classes each attribute has, whose one-hot columns stand side by side; empty: there is one block.
        combined: How many classes each attribute has, where a class is one of each, the last attribute counting
            fastest; a class may then have no example. Empty: the classes are no combinations.
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
    sample_weights: npt.NDArray[np.float64] | None = None
    heads: tuple[int, ...] = ()
    combined: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Keep the arrays from being changed by accident."""
        object.__setattr__(self, "inputs", _read_only(self.inputs))
        object.__setattr__(self, "targets", _read_only(self.targets))
        if self.sample_weights is not None:
            object.__setattr__(self, "sample_weights", _read_only(self.sample_weights))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the content; neither name, place nor note changes it."""
        # Only what is there counts: a data set without weights or heads keeps the digest from before there were any.
        arrays = [values for values in (self.inputs, self.targets, self.sample_weights) if values is not None]
        header = {
            "feature_names": self.feature_names,
            "class_names": self.class_names,
            "official_test": self.official_test,
            "arrays": [(values.dtype.str, values.shape) for values in arrays],
        }
        header |= {key: sizes for key, sizes in (("heads", self.heads), ("combined", self.combined)) if sizes}
        digest = hashlib.sha256(json.dumps(header).encode())
        for values in arrays:
            digest.update(values.data)
        return digest.hexdigest()

    def blocks(self, columns: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
        """Return columns (rows, outputs) as one view (rows, classes) per head, or as one where there are no heads."""
        return np.split(columns, np.cumsum(self.heads, dtype=np.int64)[:-1], axis=1)


def one_hot(labels: npt.NDArray[Any], classes: int) -> npt.NDArray[np.float32]:
    """Return (examples, classes) with a one in the column of each whole-number label."""
    encoded = np.zeros((len(labels), classes), dtype=np.float32)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


def _read_only(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view
