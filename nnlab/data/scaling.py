"""Scaling: a shift and a factor per column, fitted on the training rows alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Values = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]

# Rows turned to float64 at a time: all of a large array of bytes would take eight times its memory.
CHUNK = 1024


class Scaling(NamedTuple):
    """What takes raw values to scaled ones: scaled = (values - shift) * scale; (columns,) each."""

    shift: Vector
    scale: Vector


def fit_scaling(values: Values, rows: Rows, kind: str) -> Scaling:
    """Fit a scaling to some rows of an array.

    Args:
        values: (examples, columns), of any real type.
        rows: Which examples to fit to, at least one.
        kind: none; standardise (mean 0, standard deviation 1 per column); minmax (each column to [0, 1]);
            maximum (one factor for all columns, which brings the largest absolute value to 1).
            A column that is constant in those rows keeps its unit: its scale is 1.
    """
    return KINDS[kind](values, rows)


def _none(values: Values, rows: Rows) -> Scaling:
    del rows
    return Scaling(np.zeros(values.shape[1]), np.ones(values.shape[1]))


def _standardise(values: Values, rows: Rows) -> Scaling:
    low, high = _range(values, rows)
    unit = _inverse(high - low)
    # In units of the range nothing overflows, and a constant column has a deviation of exactly 0.
    mean = _sum(values, rows, lambda chunk: (chunk - low) * unit) / len(rows)
    variance = _sum(values, rows, lambda chunk: ((chunk - low) * unit - mean) ** 2) / len(rows)
    return Scaling(low + mean / unit, _inverse(np.sqrt(variance) / unit))


def _minmax(values: Values, rows: Rows) -> Scaling:
    low, high = _range(values, rows)
    return Scaling(low, _inverse(high - low))


def _maximum(values: Values, rows: Rows) -> Scaling:
    low, high = _range(values, rows)
    largest = max(-low.min(), high.max())
    return Scaling(np.zeros(len(low)), _inverse(np.full(len(low), largest)))


KINDS: dict[str, Callable[[Values, Rows], Scaling]] = {
    "none": _none,
    "standardise": _standardise,
    "minmax": _minmax,
    "maximum": _maximum,
}


def _inverse(spread: Vector) -> Vector:
    """Return 1 / spread, or 1 where there is no spread to speak of."""
    usable = spread > np.finfo(np.float64).tiny
    return np.where(usable, 1 / np.where(usable, spread, 1.0), 1.0)


def _chunks(values: Values, rows: Rows) -> Iterator[npt.NDArray[np.float64]]:
    for start in range(0, len(rows), CHUNK):
        yield values[rows[start : start + CHUNK]].astype(np.float64)


def _sum(values: Values, rows: Rows, of: Callable[[Vector], Vector]) -> Vector:
    total = np.zeros(values.shape[1])
    for chunk in _chunks(values, rows):
        total += of(chunk).sum(axis=0)
    return total


def _range(values: Values, rows: Rows) -> tuple[Vector, Vector]:
    low, high = np.full(values.shape[1], np.inf), np.full(values.shape[1], -np.inf)
    for chunk in _chunks(values, rows):
        low, high = np.minimum(low, chunk.min(axis=0)), np.maximum(high, chunk.max(axis=0))
    return low, high
