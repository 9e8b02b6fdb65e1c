"""Functions to be fitted, on the interval [-1, 1] or the square [-1, 1] x [-1, 1]; all have values in [-1, 1]."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlab.errors import unknown_name

_POINTS = {1: 257, 2: 25}  # along each input, that a network is fitted to; all bends of the sawtooth are among them
_FINER = {1: 2049, 2: 97}  # along each input, on which its errors are measured


class Target(NamedTuple):
    """A continuous function.

    Attributes:
        formula: as a reader knows it.
        inputs: how many numbers it takes: 1 or 2.
        function: of inputs (n, inputs); returns values (n,).
    """

    formula: str
    inputs: int
    function: Callable[[np.ndarray], np.ndarray]

    @property
    def points(self) -> np.ndarray:
        """Inputs (n, inputs) to fit a network to, evenly spaced."""
        return _lattice(_POINTS[self.inputs], self.inputs)

    @property
    def finer_points(self) -> np.ndarray:
        """More inputs (n, inputs), with those to fit among them."""
        return _lattice(_FINER[self.inputs], self.inputs)


def target_of(name: str) -> Target:
    """Return a function by its name.

    Raises:
        ConfigurationError: there is none of that name.
    """
    if name not in _TARGETS:
        raise unknown_name("target", name, _TARGETS)
    return _TARGETS[name]


def _lattice(points: int, inputs: int) -> np.ndarray:
    along = np.linspace(-1, 1, points)
    return np.stack(np.meshgrid(*[along] * inputs, indexing="ij"), axis=-1).reshape(-1, inputs)


def _triangles(x: np.ndarray, teeth: int) -> np.ndarray:
    """Return a wave of straight lines that falls from 1 to -1 and rises again, `teeth` times from -1 to 1."""
    heights: np.ndarray = 4 * np.abs((x + 1) * teeth / 2 % 1 - 0.5) - 1
    return heights


_TARGETS = {
    "parabola": Target("x²", 1, lambda x: x[:, 0] ** 2),
    "absolute": Target("|x|", 1, lambda x: np.abs(x[:, 0])),
    "sine": Target("sin πx", 1, lambda x: np.sin(np.pi * x[:, 0])),
    "wave": Target("sin 2πx", 1, lambda x: np.sin(2 * np.pi * x[:, 0])),
    "cusp": Target("2√|x| - 1", 1, lambda x: 2 * np.sqrt(np.abs(x[:, 0])) - 1),
    "sawtooth": Target("a sawtooth of 8 teeth", 1, lambda x: _triangles(x[:, 0], 8)),
    "product": Target("x y", 2, lambda x: x[:, 0] * x[:, 1]),
    "rings": Target("cos 2πr", 2, lambda x: np.cos(2 * np.pi * np.hypot(x[:, 0], x[:, 1]))),
}
