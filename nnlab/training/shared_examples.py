"""All examples of a data set in the dtype of the kernels: one copy, which all seeds share."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from nnlab.data import Dataset
from nnlab.kernels.structures import Examples
from nnlab.network import ExampleScaling


class SharedExamples(NamedTuple):
    """Examples less an offset per column, which every seed's scaling gives back.

    The offset is the middle of the column's range. Without it, values far from 0 beside their spread (years, times in
    seconds) would lose in float32 the digits by which they differ.
    """

    inputs: np.ndarray  # (examples, features)
    targets: np.ndarray  # (examples, outputs)
    weights: np.ndarray  # (examples,) of ones
    input_offset: np.ndarray  # (features,) float64
    target_offset: np.ndarray  # (outputs,) float64

    @classmethod
    @lru_cache(maxsize=1)  # the jobs of a sweep have the same data, one after the other
    def of(cls, dataset: Dataset, dtype: str) -> SharedExamples:
        """Copy a data set, whose arrays are read-only: kernels are compiled for arrays that are not."""
        inputs, input_offset = _centred(dataset.inputs, np.dtype(dtype))
        targets, target_offset = _centred(dataset.targets, np.dtype(dtype))
        return cls(inputs, targets, np.ones(len(inputs), dtype), input_offset, target_offset)

    def scaled(self, scaling: ExampleScaling) -> Examples:
        """Return the examples as kernels take them, with the scaling that one seed fitted."""
        dtype = self.inputs.dtype
        return Examples(
            self.inputs,
            self.targets,
            self.weights,
            (scaling.input_shift - self.input_offset).astype(dtype),
            scaling.input_scale.astype(dtype),
            (scaling.target_shift - self.target_offset).astype(dtype),
            scaling.target_scale.astype(dtype),
        )


def _centred(values: np.ndarray, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return values less the middle of each column's range, subtracted in float64, and that middle."""
    low, high = values.min(axis=0).astype(np.float64), values.max(axis=0).astype(np.float64)
    middle = low + (high - low) / 2
    centred = np.empty(values.shape, dtype)
    np.subtract(values, middle, out=centred, dtype=np.float64, casting="unsafe")
    return centred, middle
