"""The gradient as the direction of the fastest growth: contours around a point, and the growth in all directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nnlab.figures.captions import place_text, short
from nnlab.figures.contours import Ground
from nnlab.figures.panels import open_up, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MAP, _CURVE, _HEIGHT = 4.8, 5.6, 4.4  # inches: widths of the map and of the curve, and the height of both
_HALF, _ARROW = 1.7, 0.55  # of the map, and of the gradient's arrow, in parts of the way to the lowest point
_POINTS = 121  # along each side of the map
_LEVELS = (0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4)  # of the lines of equal height, in parts of that at the point
_ALL_AROUND, _EIGHTH = 360, 45  # degrees


class Slope(NamedTuple):
    """Where the growth is looked at.

    Attributes:
        point: (2,).
        gradient: there, (2,); not 0.
    """

    point: np.ndarray
    gradient: np.ndarray


class Growth(NamedTuple):
    """How fast the height grows in all directions.

    Attributes:
        degrees: from the x axis toward the y axis, (directions,).
        rates: growth per length of the step, (directions,).
    """

    degrees: np.ndarray
    rates: np.ndarray


def directions_figure(ground: Ground, slope: Slope, growth: Growth) -> Figure:
    """Draw a map with the gradient at a point, and beside it how fast the height grows in each direction."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(_MAP + _CURVE, _HEIGHT), layout="constrained")
    axes, curve = figure.subplots(1, 2, width_ratios=[_MAP, _CURVE])
    _draw_map(axes, ground, slope)
    _draw_rates(curve, growth, slope.gradient)
    return figure


def _draw_map(axes: Axes, ground: Ground, slope: Slope) -> None:
    distance, height = float(np.linalg.norm(slope.point - ground.lowest)), float(ground.value(slope.point))
    places = np.linspace(-1, 1, _POINTS) * _HALF * distance
    x, y = (places + middle for middle in ground.lowest)
    heights = ground.value(np.stack(np.meshgrid(x, y), axis=-1))
    lines = axes.contour(x, y, heights, [part * height for part in _LEVELS], colors="#5a7ca8", linewidths=1)
    axes.clabel(lines, fontsize=8, fmt="%g")
    axes.set_aspect("equal")
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    set_title(axes, "a map: lines of equal height")
    _draw_gradient(axes, slope, _ARROW * distance)
    axes.plot(*slope.point, "o", color="black", label=f"{place_text(*slope.point)}: height {short(height)}")
    axes.legend(fontsize=8.5, loc="lower left", framealpha=0.95)


def _draw_gradient(axes: Axes, slope: Slope, length: float) -> None:
    """Draw the direction of the gradient as an arrow of some length, and as a dashed line those that lie across it."""
    point, gradient = slope
    along = length * gradient / np.linalg.norm(gradient)
    across = np.array([-along[1], along[0]])
    arrow = {"arrowstyle": "-|>", "color": "tab:red", "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", tuple(point + along), tuple(point), arrowprops=arrow)
    label = f"gradient {place_text(*gradient)}, not to scale"
    axes.plot([], [], color="tab:red", linewidth=2.2, label=label)
    ends = np.stack([point - across, point + across], axis=1)
    axes.plot(*ends, color="black", linestyle="--", linewidth=1.2, label="across: no growth")


def _draw_rates(axes: Axes, growth: Growth, gradient: np.ndarray) -> None:
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
