"""Paths of several optimizers on a landscape of two parameters, from above: contours, and a line through the steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnlab.figures.captions import end_text, place_text
from nnlab.figures.panels import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 4.4, 3.2  # inches, of each panel
_MARGIN = 0.15  # around the paths, in parts of what they cover
_POINTS = 201  # along each side of the grid
_LEVELS = 14
_LOWEST = 1e-3  # level, in parts of the highest loss that is seen


class Ground(NamedTuple):
    """What the paths are on.

    Attributes:
        value: gives the loss (...) at points (..., 2).
        lowest: where it is lowest, (2,).
    """

    value: Callable[[np.ndarray], np.ndarray]
    lowest: np.ndarray


def contours_figure(ground: Ground, paths: Mapping[str, np.ndarray], *, equal_scales: bool = False) -> Figure:
    """Draw a panel for each path over the same contours, which are close where it is steep.

    All panels show the same part of the plane: that of the starts, the lowest point, and the paths which do not end
    above their start. Above each panel stands where its path ends.

    Args:
        ground: what the paths are on.
        paths: (updates + 1, 2) each, by the title of the panel.
        equal_scales: whether both axes have the same scale, so that right angles look like such.
    """
    figure, found = panels(len(paths), _WIDTH, _HEIGHT, sharex=True, sharey=True)
    grid = _grid(ground, paths, equal_scales=equal_scales)
    for axes, (title, path) in zip(found, paths.items(), strict=True):
        _draw_ground(axes, ground, grid)
        _draw_path(axes, path)
        axes.set_aspect("equal" if equal_scales else "auto")
        axes.set_title(title, loc="left", fontsize=10, fontweight="bold", pad=20)
        end = end_text(len(path) - 1, "(x, y)", place_text(*path[-1]), float(ground.value(path[-1])))
        axes.text(0, 1.03, end, transform=axes.transAxes, va="bottom", fontsize=8.5)
    return figure


def _grid(ground: Ground, paths: Mapping[str, np.ndarray], *, equal_scales: bool) -> np.ndarray:
    """Return the points (rows, columns, 2) of the part of the plane that is seen."""
    calm = [path for path in paths.values() if ground.value(path[-1]) <= ground.value(path[0])]
    shown = np.concatenate([*calm, *(path[:1] for path in paths.values()), ground.lowest[np.newaxis]])
    low, high = shown.min(axis=0), shown.max(axis=0)
    middle, half = (high + low) / 2, (high - low) / 2 + _MARGIN * np.where(high > low, high - low, 1.0)
    if equal_scales:
        panel = np.array([_WIDTH, _HEIGHT])
        half = panel * (half / panel).max()
    sides = np.linspace(middle - half, middle + half, _POINTS)
    return np.stack(np.meshgrid(sides[:, 0], sides[:, 1]), axis=-1)


def _draw_ground(axes: Axes, ground: Ground, grid: np.ndarray) -> None:
    """Draw contours at levels that grow by a constant factor, and a star where it is lowest."""
    heights = ground.value(grid)
    levels = np.geomspace(_LOWEST, 1, _LEVELS) * heights.max()
    axes.contour(*np.moveaxis(grid, -1, 0), heights, levels, colors="tab:gray", linewidths=0.6, alpha=0.7)
    axes.plot(*ground.lowest, marker="*", color="black", markersize=10, linestyle="none", label="lowest point")
    axes.set_xlim(*grid[0, [0, -1], 0])
    axes.set_ylim(*grid[[0, -1], 0, 1])
    axes.set_xlabel("x")
    axes.set_ylabel("y")


def _draw_path(axes: Axes, path: np.ndarray) -> None:
    """Draw the steps, the start hollow."""
    axes.plot(*path.T, color="tab:red", marker="o", markersize=3, linewidth=1.0, label="steps")
    start: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": "tab:red", "markersize": 7, "zorder": 3}
    axes.plot(*path[:1].T, marker="o", linestyle="none", label="start", **start)
