"""Checks of the examples that a user hands to a network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from nnlab.architecture import Architecture
from nnlab.errors import DataError


def checked_inputs(inputs: ArrayLike, architecture: Architecture) -> np.ndarray:
    """Return raw inputs (n, features) in float64.

    Raises:
        DataError: they are no numbers, or of another shape.
    """
    x = _numbers("inputs", inputs)
    if x.ndim != 2 or x.shape[1] != architecture.inputs or len(x) == 0:  # noqa: PLR2004
        expected = f"(examples, {architecture.inputs}) with at least one example"
        raise DataError(f"inputs have shape {x.shape}, but this network takes {expected}")
    return x


def checked_targets(targets: ArrayLike, examples: int, architecture: Architecture) -> np.ndarray:
    """Return raw targets (n, outputs) in float64, from such or from class numbers (n,) or (n, heads).

    Raises:
        DataError: they are no numbers, no class numbers, or of another shape.
    """
    y, outputs = _numbers("targets", targets), architecture.outputs
    y = y.reshape(-1, 1) if y.ndim == 1 else y
    heads = architecture.heads or (outputs,)
    if architecture.classification and y.shape[1:] == (len(heads),) != (outputs,):
        y = _one_hot_blocks(y, heads)
    if y.shape != (examples, outputs):
        classes = f"class numbers {(examples, len(heads))} or " if len(heads) > 1 else ""
        raise DataError(f"targets have shape {y.shape}, but {classes}{(examples, outputs)} is needed")
    return y


def _numbers(name: str, values: ArrayLike) -> np.ndarray:
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} must be numbers: {error}") from error


def _one_hot_blocks(numbers: np.ndarray, heads: Sequence[int]) -> np.ndarray:
    """Return the one-hot block of each head side by side, (n, outputs), for class numbers (n, heads)."""
    if not all(np.isin(column, np.arange(classes)).all() for column, classes in zip(numbers.T, heads, strict=True)):
        ranges = " and ".join(f"0 to {classes - 1}" for classes in heads)
        raise DataError(f"targets must be class numbers, {ranges}, or an array (examples, {sum(heads)})")
    return np.hstack([np.eye(classes)[column] for column, classes in zip(numbers.T.astype(int), heads, strict=True)])
