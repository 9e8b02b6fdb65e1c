"""The gradient as the direction of the fastest growth: how fast a landscape grows from a point in each direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from nnlab.errors import ConfigurationError
from nnlab.figures.contours import Ground
from nnlab.figures.growth import Growth, Slope, directions_figure
from nnlab.landscapes._landscape import Landscape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STEP = 1e-4  # in every direction: so short that the landscape is as good as straight along it
_DIRECTIONS = 360  # one for each degree


def growth_of(ground: Landscape, point: ArrayLike) -> Growth:
    """Measure by a short step in each of 360 directions how fast a landscape grows from a point (2,)."""
    start, degrees = np.asarray(point, np.float64), np.arange(_DIRECTIONS, dtype=np.float64)
    angles = np.radians(degrees)
    steps = _STEP * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return Growth(degrees, (ground.value(start + steps) - ground.value(start)) / _STEP)


def growth_figure(ground: Landscape, point: ArrayLike) -> Figure:
    """Draw a map of a landscape with its gradient at a point (2,), and beside it how fast it grows in each direction.

    Raises:
        ConfigurationError: the landscape has more or fewer than two parameters, or is flat at the point.
    """
    start = np.asarray(point, np.float64)
    if ground.dimensions != 2 or start.shape != (2,):  # noqa: PLR2004
        raise ConfigurationError(f"growth is drawn of two parameters at a point of two, but {ground.name} has others")
    gradient = ground.gradient(start)
    if not gradient.any():
        raise ConfigurationError(
            f"{ground.name} is flat at {start.tolist()}: no direction is that of the fastest growth"
        )
    return directions_figure(Ground(ground.value, ground.lowest), Slope(start, gradient), growth_of(ground, start))
