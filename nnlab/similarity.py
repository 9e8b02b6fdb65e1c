"""Similar examples of different classes, and different examples of one class: which they are, and how far apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Partners(NamedTuple):
    """Two other examples for each example, by their rows.

    Attributes:
        similar: the nearest of another class, (n,).
        different: the farthest of its own class, (n,).
    """

    similar: np.ndarray
    different: np.ndarray


class Units(NamedTuple):
    """The mean distances in which those of partners are told, so that the scale of a layer does not count.

    Attributes:
        within: over all pairs of one class: in this, how far apart similar examples of different classes are.
        between: over all pairs of different classes: in this, how far apart different examples of one class are.
    """

    within: float
    between: float


def distances_of(values: np.ndarray) -> np.ndarray:
    """Return the distances (n, n) of rows of (n, units)."""
    from scipy.spatial.distance import cdist  # noqa: PLC0415

    distances: np.ndarray = cdist(values, values)
    return distances


def partners_of(distances: np.ndarray, labels: np.ndarray) -> Partners:
    """Return the partners of each example, by distances (n, n) at the input and classes (n,)."""
    same = _of_one_class(labels)
    similar = np.where(same, np.inf, distances).argmin(axis=1)
    return Partners(similar, np.where(same, distances, -np.inf).argmax(axis=1))


def units_of(distances: np.ndarray, labels: np.ndarray) -> Units:
    """Return the units for distances (n, n) at a layer, of examples of classes (n,)."""
    same = _of_one_class(labels)
    return Units(distances[same & ~np.eye(len(labels), dtype=bool)].mean(), distances[~same].mean())


def _of_one_class(labels: np.ndarray) -> np.ndarray:
    same: np.ndarray = labels[:, np.newaxis] == labels
    return same
