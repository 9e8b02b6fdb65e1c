"""The first layer of a traced network as a picture: units with their connections, and the same as a matrix product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.trace.derivatives import outputs_of
from nnlab.trace.numbers import text_of
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL, _ROW, _UNIT, _HEAD = 0.52, 0.32, 0.5, 0.9  # inches, of a number, of a unit, and above and below these
_DIGITS = 3
_UNITS: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}


def product_figure(trace: Trace) -> Figure:
    """Draw what the first layer makes of the first example: x @ w + b = z.

    Above, each connection is a weight: blue above 0, red below, grey at 0, and thicker the farther it is from 0.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    layer, x = trace.settings.layers[0], trace.settings.inputs[0]
    z = outputs_of(layer.sums, x)
    matrices = {"x": x[None], "w": layer.weights, "b": layer.biases[None], "z": z[None]}
    cells = sum(matrix.shape[1] + 1 for matrix in matrices.values())
    heights = [_UNIT * max(layer.weights.shape), _ROW * len(x) + _HEAD]
    figure = Figure(figsize=(_CELL * cells, sum(heights) + _HEAD / 2), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=heights)
    _draw_units(above, layer.weights, x, z)
    _draw_matrices(below, matrices)
    return figure


def _draw_units(axes: Axes, weights: np.ndarray, x: np.ndarray, z: np.ndarray) -> None:
    heights = [(len(values) - 1) / 2 - np.arange(len(values)) for values in (x, z)]
    largest = np.abs(weights).max() or 1.0
    for (row, column), weight in np.ndenumerate(weights):
        ends = [heights[0][row], heights[1][column]]
        axes.plot([0, 1], ends, color=_colour(weight), linewidth=0.3 + 2.5 * abs(weight) / largest, zorder=1)
    for place, (name, values) in enumerate((("x", x), ("z", z))):
        axes.scatter(np.full(len(values), place), heights[place], s=560, color="white", edgecolors="black", zorder=2)
        for number, height in enumerate(heights[place], start=1):
            axes.text(place, height, f"{name}[{number}]", zorder=3, **_UNITS)
    axes.set_title("a line for each weight: blue above 0, red below", fontsize=10)
    axes.set_xlim(-0.6, 1.6)
    axes.set_ylim(-max(weights.shape) / 2, max(weights.shape) / 2)
    axes.set_axis_off()


def _draw_matrices(axes: Axes, matrices: dict[str, np.ndarray]) -> None:
    column = 0.0
    for (name, matrix), sign in zip(matrices.items(), ("·", "+", "=", ""), strict=True):
        rows, width = matrix.shape
        for (row, place), value in np.ndenumerate(matrix):
            spot = (column + place, (rows - 1) / 2 - row)
            box = {"boxstyle": "square,pad=0.35", "facecolor": "white", "edgecolor": "none"}
            axes.text(
                *spot, text_of(value, _DIGITS), color=_colour(value) if name == "w" else "black", bbox=box, **_UNITS
            )
        middle, edge = column + (width - 1) / 2, rows / 2
        axes.text(middle, edge + 0.25, f"{name} ({rows} by {width})", fontweight="bold", **_UNITS)
        _draw_brackets(axes, column - 0.55, column + width - 0.45, edge)
        axes.text(column + width, 0, sign, ha="center", va="center", fontsize=13)
        column += width + 1
    axes.set_title("the same as one matrix product", fontsize=10)
    axes.set_xlim(-0.8, column - 1)
    highest = max(len(matrix) for matrix in matrices.values()) / 2
    axes.set_ylim(-highest - 0.2, highest + 0.6)
    axes.set_axis_off()


def _draw_brackets(axes: Axes, left: float, right: float, edge: float) -> None:
    for side, inward in ((left, 0.12), (right, -0.12)):
        axes.plot([side + inward, side, side, side + inward], [edge, edge, -edge, -edge], color="black", linewidth=1)


def _colour(weight: float) -> str:
    if weight == 0:
        return "tab:gray"
    return "tab:blue" if weight > 0 else "tab:red"
