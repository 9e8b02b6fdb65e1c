"""A hill with a flat step in its side: f' = w ((w - place)^2 + slope / place), and f = 0 at the bottom, w = 0.

At the place of the step the gradient is `slope`. Gradient descent of a small rate takes about pi / (rate sqrt(place
slope)) updates to cross it: the integral of dw / (rate f') for w near the place.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number

PARAMETERS = {
    "place": Parameter(2.0, number(0, open_low=True)),
    "slope": Parameter(0.001, number(0, open_low=True)),
}


def lowest(**_: float) -> np.ndarray:
    """Return the bottom, (1,)."""
    return np.zeros(1)


def value(points: np.ndarray, place: float, slope: float) -> np.ndarray:
    """Return f = w^4 / 4 - 2 place w^3 / 3 + (place^2 + slope / place) w^2 / 2 of points (..., 1)."""
    w = points[..., 0]
    height: np.ndarray = w**4 / 4 - 2 * place * w**3 / 3 + (place**2 + slope / place) * w**2 / 2
    return height


def gradient(points: np.ndarray, place: float, slope: float) -> np.ndarray:
    """Return f' of points (..., 1)."""
    return points * ((points - place) ** 2 + slope / place)
