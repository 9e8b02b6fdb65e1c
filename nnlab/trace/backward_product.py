"""Backpropagation as a product: the gradient of each weight is a forward number times a backward number.

The forward number is what the weight is multiplied by, dz/dw; the backward number is dloss/dz of its unit.
Source: Rumelhart, Hinton and Williams 1986.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import panels, set_title
from nnlab.trace.graph import Graph
from nnlab.trace.names import Names
from nnlab.trace.numbers import text_of
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL, _ROW = 1.15, 0.42  # inches, of a number
_DIGITS = 4
_FORWARD, _BACKWARD = "#e5f2e5", "#fbe3e0"


class Table(NamedTuple):
    """The weights of one layer, and what their gradients are made of.

    Attributes:
        rows: names of what the layer takes, the inputs of its weights.
        columns: names of its sums.
        forward: the values of the rows, (inputs,).
        backward: d loss / d sum, (units,).
        gradients: of the weights, (inputs, units).
    """

    rows: list[str]
    columns: list[str]
    forward: np.ndarray
    backward: np.ndarray
    gradients: np.ndarray


def backward_product_figure(trace: Trace) -> Figure:
    """Draw a table for each layer, for the first example: forward numbers, backward numbers, and gradients.

    Raises:
        ConfigurationError: the trace has no graph.
    """
    tables = tables_of(trace)
    widest = max(len(table.columns) for table in tables) + 1
    highest = max(len(table.rows) for table in tables) + 1
    figure, found = panels(len(tables), _CELL * (widest + 0.6), _ROW * (highest + 2.6))
    for number, (axes, table) in enumerate(zip(found, tables, strict=True), start=1):
        _draw(axes, table, widest, highest)
        set_title(axes, f"layer {number}")
    figure.supxlabel("green: forward numbers; red: backward numbers; white: gradients, the product of both", fontsize=9)
    return figure


def tables_of(trace: Trace) -> list[Table]:
    """Return the table of each layer, of the first example.

    Raises:
        ConfigurationError: the trace has no graph.
    """
    if not trace.updates or not trace.updates[0].graphs:
        raise ConfigurationError("trace.graphs=0 shows no backward pass: it must be at least 1")
    graph, names = trace.updates[0].graphs[0], trace.names
    return [_table_of(graph, names, layer) for layer in range(len(trace.settings.layers))]


def _table_of(graph: Graph, names: Names, layer: int) -> Table:
    rows, columns = names.inputs(layer), names.sums(layer)
    shape = (len(rows), len(columns))
    gradients = [graph.node(names.weight(layer, *place)).gradient for place in np.ndindex(shape)]
    return Table(
        rows,
        columns,
        np.array([graph.node(name).value for name in rows]),
        np.array([graph.node(name).gradient for name in columns]),
        np.reshape(gradients, shape),
    )


def _draw(axes: Axes, table: Table, widest: int, highest: int) -> None:
    for column, (name, number) in enumerate(zip(table.columns, table.backward, strict=True), start=1):
        _write(axes, column, 0, f"dloss/d{name}\n{text_of(number, _DIGITS)}", _BACKWARD)
    for row, (name, number) in enumerate(zip(table.rows, table.forward, strict=True), start=1):
        _write(axes, 0, row, f"{name} = {text_of(number, _DIGITS)}", _FORWARD)
        for column, gradient in enumerate(table.gradients[row - 1], start=1):
            _write(axes, column, row, text_of(gradient, _DIGITS), "white")
    axes.set_xlim(-0.55, widest - 0.45)
    axes.set_ylim(highest - 0.45, -0.55)
    axes.set_axis_off()


def _write(axes: Axes, column: int, row: int, text: str, colour: str) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    style: dict[str, Any] = {"facecolor": colour, "edgecolor": "tab:gray", "linewidth": 0.8}
    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **style))
    axes.text(column, row, text, ha="center", va="center", fontsize=9)
