"""The gradient as the direction of the fastest growth: a landscape around a point, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import open_up, set_title
from nnlab.figures.walks import short
from nnlab.landscapes._landscape import Landscape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MAP, _CURVE, _HEIGHT = 4.8, 5.6, 4.4  # inches: widths of the map and of the curve, and the height of both
_STEP = 1e-4  # in every direction: so short that the landscape is as good as straight along it
_DIRECTIONS = 360
_HALF, _ARROW = 1.7, 0.55  # of the map, and of the gradient's arrow, in parts of the way to the lowest point
_POINTS = 121  # along each side of the map
_LEVELS = (0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4)  # of the lines of equal height, in parts of that at the point
_ALL_AROUND, _EIGHTH = 360, 45  # degrees


class Growth(NamedTuple):
    """How fast a landscape grows in all directions.

    Attributes:
        degrees: from the x axis toward the y axis, (directions,).
        rates: growth per length of the step, (directions,).
    """

    degrees: np.ndarray
    rates: np.ndarray


def growth_of(ground: Landscape, point: ArrayLike) -> Growth:
    """Measure by a short step in each of 360 directions how fast a landscape grows from a point (2,)."""
    start, degrees = np.asarray(point, np.float64), np.arange(_DIRECTIONS) * (_ALL_AROUND / _DIRECTIONS)
    angles = np.radians(degrees)
    steps = _STEP * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return Growth(degrees, (ground.value(start + steps) - ground.value(start)) / _STEP)


def growth_figure(ground: Landscape, point: ArrayLike) -> Figure:
    """Draw a map of a landscape with its gradient at a point (2,), and beside it how fast it grows in each direction.

    Raises:
        ConfigurationError: the landscape has more or fewer than two parameters, or is flat at the point.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    start = np.asarray(point, np.float64)
    if ground.dimensions != 2 or start.shape != (2,):  # noqa: PLR2004
        raise ConfigurationError(f"growth is drawn of two parameters at a point of two, but {ground.name} has others")
    if not ground.gradient(start).any():
        raise ConfigurationError(
            f"{ground.name} is flat at {start.tolist()}: no direction is that of the fastest growth"
        )
    figure = Figure(figsize=(_MAP + _CURVE, _HEIGHT), layout="constrained")
    axes, curve = figure.subplots(1, 2, width_ratios=[_MAP, _CURVE])
    _draw_map(axes, ground, start)
    _draw_rates(curve, ground, start)
    return figure


def _draw_map(axes: Axes, ground: Landscape, point: np.ndarray) -> None:
    distance = float(np.linalg.norm(point - ground.lowest))
    places = np.linspace(-1, 1, _POINTS) * _HALF * distance
    x, y = (places + middle for middle in ground.lowest)
    height = float(ground.value(point))
    heights = ground.value(np.stack(np.meshgrid(x, y), axis=-1))
    lines = axes.contour(x, y, heights, [part * height for part in _LEVELS], colors="#5a7ca8", linewidths=1)
    axes.clabel(lines, fontsize=8, fmt="%g")
    axes.set_aspect("equal")
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    set_title(axes, "a map: lines of equal height")
    _draw_gradient(axes, ground, point, _ARROW * distance)
    axes.plot(*point, "o", color="black", label=f"({short(point[0])}, {short(point[1])}): height {short(height)}")
    axes.legend(fontsize=8.5, loc="lower left", framealpha=0.95)


def _draw_gradient(axes: Axes, ground: Landscape, point: np.ndarray, length: float) -> None:
    """Draw the direction of the gradient as an arrow of some length, and as a dashed line those that lie across it."""
    gradient = ground.gradient(point)
    along = length * gradient / np.linalg.norm(gradient)
    across = np.array([-along[1], along[0]])
    arrow = {"arrowstyle": "-|>", "color": "tab:red", "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", tuple(point + along), tuple(point), arrowprops=arrow)
    label = f"gradient ({short(gradient[0])}, {short(gradient[1])}), not to scale"
    axes.plot([], [], color="tab:red", linewidth=2.2, label=label)
    ends = np.stack([point - across, point + across], axis=1)
    axes.plot(*ends, color="black", linestyle="--", linewidth=1.2, label="across: no growth")


def _draw_rates(axes: Axes, ground: Landscape, point: np.ndarray) -> None:
    growth, gradient = growth_of(ground, point), ground.gradient(point)
    axes.plot(*growth, color="tab:blue")
    axes.axhline(0, color="black", linewidth=0.8)
    direction = float(np.degrees(np.arctan2(gradient[1], gradient[0]))) % _ALL_AROUND
    against = (direction + _ALL_AROUND / 2) % _ALL_AROUND
    for degrees, style, what in ((direction, "-", "the gradient's direction"), (against, ":", "against it")):
        label = f"{what}: {degrees:.1f}°"
        axes.axvline(degrees, color="tab:red", linewidth=1.6, linestyle=style, label=label)
    set_title(axes, "how fast it grows from the point")
    axes.set_xlabel("direction of the step, degrees from the x axis")
    axes.set_ylabel("growth per length of the step")
    axes.set_xticks(range(0, _ALL_AROUND + 1, _EIGHTH))
    axes.set_xlim(0, _ALL_AROUND)
    open_up(axes)
    axes.legend(fontsize=9, loc="upper right")
