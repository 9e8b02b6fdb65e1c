"""A bowl: f = (c1 w1^2 + c2 w2^2 + ...) / 2; where curvatures differ much, a long and narrow valley.

Gradient descent converges if its rate is below 2 / the largest curvature, and then creeps where the curvature is small.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlab.checks import Parameter, list_of, number

PARAMETERS = {"curvatures": Parameter([0.1, 2.0], list_of(number(0, open_low=True)))}  # one for each parameter


def lowest(curvatures: Sequence[float]) -> np.ndarray:
    """Return the bottom: zeros (dimensions,)."""
    return np.zeros(len(curvatures))


def value(points: np.ndarray, curvatures: Sequence[float]) -> np.ndarray:
    """Return f of points (..., dimensions)."""
    halved: np.ndarray = points**2 @ np.array(curvatures) / 2
    return halved


def gradient(points: np.ndarray, curvatures: Sequence[float]) -> np.ndarray:
    """Return c w of points (..., dimensions)."""
    slope: np.ndarray = points * np.array(curvatures)
    return slope
