"""Two valleys along one parameter: f' = (w - deep) (w - ridge) (w - shallow), and f = 0 at the bottom of the deep one.

So all places where the gradient is 0 are known: the two bottoms, and the ridge between them. A ball that comes from the
far side of the shallow valley has to cross the ridge to get to the deep one.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.errors import ConfigurationError

PARAMETERS = {
    "deep": Parameter(-1.5, number()),
    "ridge": Parameter(0.0, number()),
    "shallow": Parameter(1.0, number()),
}


def check(deep: float, ridge: float, shallow: float) -> None:
    """Refuse a ridge that does not lie between the valleys, or is nearer to the deep one, which then is not deep.

    Raises:
        ConfigurationError: that is so.
    """
    width = deep - shallow
    if not 0 < (ridge - shallow) * np.sign(width) < abs(width) / 2:
        raise ConfigurationError(
            f"double_well.ridge={ridge:g} is not allowed: it must lie between shallow={shallow:g} and deep={deep:g}, "
            "nearer to shallow"
        )


def lowest(deep: float, **_: float) -> np.ndarray:
    """Return the bottom of the deep valley, (1,)."""
    return np.array([deep])


def value(points: np.ndarray, deep: float, ridge: float, shallow: float) -> np.ndarray:
    """Return f of points (..., 1): with u = w - deep, f = u^4 / 4 - (a + b) u^3 / 3 + a b u^2 / 2.

    a and b are how far the ridge and the shallow bottom are from the deep one.
    """
    u, a, b = points[..., 0] - deep, ridge - deep, shallow - deep
    height: np.ndarray = u**4 / 4 - (a + b) * u**3 / 3 + a * b * u**2 / 2
    return height


def gradient(points: np.ndarray, deep: float, ridge: float, shallow: float) -> np.ndarray:
    """Return f' of points (..., 1)."""
    return (points - deep) * (points - ridge) * (points - shallow)
