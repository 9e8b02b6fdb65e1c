"""A narrow valley that bends: f = (1 - x)^2 + steepness (y - x^2)^2. Its floor is y = x^2, its lowest point (1, 1).

Source: Rosenbrock 1960, The Computer Journal 3, 175, with steepness 100.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number

PARAMETERS = {"steepness": Parameter(100.0, number(0, open_low=True))}


def lowest(steepness: float) -> np.ndarray:  # noqa: ARG001
    """Return (1, 1)."""
    return np.ones(2)


def value(points: np.ndarray, steepness: float) -> np.ndarray:
    """Return f of points (..., 2)."""
    x, y = points[..., 0], points[..., 1]
    height: np.ndarray = (1 - x) ** 2 + steepness * (y - x**2) ** 2
    return height


def gradient(points: np.ndarray, steepness: float) -> np.ndarray:
    """Return df/dx = -2 (1 - x) - 4 steepness x (y - x^2) and df/dy = 2 steepness (y - x^2), of points (..., 2)."""
    x, y = points[..., 0], points[..., 1]
    above = y - x**2
    return np.stack([-2 * (1 - x) - 4 * steepness * x * above, 2 * steepness * above], axis=-1)
