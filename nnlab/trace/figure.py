"""A trace as a picture: the computation graph of each shown example, with the numbers on it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nnlab.trace.graph import COMPUTED, DATA, PARAMETER, Graph, Node
from nnlab.trace.numbers import text_of
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BETWEEN, _ROW, _HEAD, _LEAST_WIDTH = 0.75, 0.7, 0.6, 7.5  # inches, between nodes, of a row, above a graph, in all
_COLOURS = {DATA: "#eeeeee", PARAMETER: "#d6e6f5", COMPUTED: "#ffffff"}
_GRADIENT = "tab:red"
_MOST_DIGITS = 6  # that have room in a node
_SIZE = 8.5  # points, of the text in a node
_LETTER, _PADDING = 0.067, 0.08  # inches, of its width and of the space around it
_MOST_PANELS = 20  # of a picture that programs still open
_NODE_HALF, _LABEL_HALF = 0.26, 0.1  # heights, in rows
_LABEL_LETTER = 0.057  # inches
_ALONG = (0.26, 0.32, 0.38, 0.44, 0.5, 0.56, 0.62, 0.68)  # of the way on an arrow; few arrows cross near its start
_LABEL: dict[str, Any] = {
    "ha": "center",
    "va": "center",
    "fontsize": 7,
    "bbox": {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"},
    "zorder": 2,
}
_ARROW: dict[str, Any] = {"arrowstyle": "-|>", "color": "#888888", "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
_LEGEND = (
    "each box: name, value, and in red d loss / d node; on each arrow: local derivative; grey: data; blue: learned"
)
Place = tuple[float, float]  # column, and row from the middle line up
Places = dict[str, Place]


class _Area(NamedTuple):
    """What a node or a number covers: its middle, and half of its width in columns and of its height in rows."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: _Area) -> bool:
        return abs(self.x - other.x) < self.width + other.width and abs(self.y - other.y) < self.height + other.height


def trace_figure(trace: Trace) -> Figure:
    """Draw the graph of each example of which the trace has one, one below the other."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    found = [(update, *each) for update in trace.updates for each in zip(update.rows, update.graphs, strict=False)]
    shown, digits = found[:_MOST_PANELS], min(trace.settings.digits, _MOST_DIGITS)
    places = places_of(shown[0][2])  # all graphs of a network have the same nodes
    columns, rows = max(x for x, _ in places.values()) + 1, 2 * max(y for _, y in places.values()) + 1
    widest = max(_width(node, digits) for _, _, graph in shown for node in graph.nodes)
    width = max(columns * (widest + _BETWEEN), _LEAST_WIDTH)
    figure = Figure(figsize=(width, len(shown) * (rows * _ROW + _HEAD)), layout="constrained")
    panels = figure.subplots(len(shown), 1, squeeze=False)[:, 0]
    for axes, (update, row, graph) in zip(panels, shown, strict=True):
        axes.set_title(f"update {update.number}, example {row + 1}", loc="left", fontsize=10, fontweight="bold")
        _draw(axes, graph, places, width / columns, digits)
    left_out = "" if len(shown) == len(found) else f"; the first {len(shown)} of {len(found)} graphs"
    figure.supxlabel(_LEGEND + left_out, fontsize=8)
    return figure


def places_of(graph: Graph) -> Places:
    """Return where each node is drawn: a column for each step of the computation, around the middle line."""
    columns = _columns_of(graph)
    stacked: dict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        stacked[columns[node.name]].append(node)
    places = {}
    for column, nodes in stacked.items():
        for place, node in enumerate(sorted(nodes, key=lambda node: node.row)):
            places[node.name] = (float(column), (len(nodes) - 1) / 2 - place)
    return places


def _columns_of(graph: Graph) -> dict[str, int]:
    """Return the column of each node: one after all that it is made of; data and parameters before their first use."""
    columns: dict[str, int] = {}
    for node in graph.nodes:
        before = [columns[edge.source] for edge in graph.edges if edge.target == node.name and edge.source in columns]
        columns[node.name] = max(before, default=-1) + 1
    last = max(columns.values())
    for node in graph.nodes:
        if node.kind != COMPUTED:
            columns[node.name] = min((columns[edge.target] for edge in graph.uses(node.name)), default=last) - 1
    return columns


def _draw(axes: Axes, graph: Graph, places: Places, column: float, digits: int) -> None:
    """Draw a graph, of which columns are so many inches wide."""
    sides = {node.name: _width(node, digits) / 2 / column for node in graph.nodes}
    taken = [_Area(*places[name], side, _NODE_HALF) for name, side in sides.items()]
    for edge in graph.edges:
        (x, y), (to_x, to_y) = places[edge.source], places[edge.target]
        start, end = (x + sides[edge.source], y), (to_x - sides[edge.target], to_y)
        axes.annotate("", end, start, arrowprops=_ARROW, zorder=1)
        if not math.isnan(edge.local):
            text = text_of(edge.local, digits)
            taken.append(_free_area(start, end, len(text) * _LABEL_LETTER / 2 / column, taken))
            axes.text(taken[-1].x, taken[-1].y, text, **_LABEL)
    for node in graph.nodes:
        _draw_node(axes, node, places[node.name], digits)
    axes.set_xlim(-0.5, max(x for x, _ in places.values()) + 0.5)
    highest = max(abs(y) for _, y in places.values())
    axes.set_ylim(-highest - 0.5, highest + 0.5)
    axes.set_axis_off()


def _lines(node: Node, digits: int) -> tuple[str, str]:
    """Return what stands in a node: its name and value, and its gradient."""
    gradient = "" if node.kind == DATA else text_of(node.gradient, digits)
    return f"{node.name} = {text_of(node.value, digits)}", gradient


def _width(node: Node, digits: int) -> float:
    """Return the width of a node in inches."""
    return max(map(len, _lines(node, digits))) * _LETTER + 2 * _PADDING


def _draw_node(axes: Axes, node: Node, place: Place, digits: int) -> None:
    box = {"boxstyle": "round,pad=0.3", "facecolor": _COLOURS[node.kind], "edgecolor": "#555555", "linewidth": 0.8}
    style: Any = {"ha": "center", "va": "center", "fontsize": _SIZE}
    label, gradient = _lines(node, digits)
    if not gradient:
        axes.text(*place, label, bbox=box, zorder=3, **style)
        return
    axes.text(*place, f"{label}\n{gradient}", bbox=box, color="none", zorder=3, **style)  # the box around both lines
    axes.text(*place, f"{label}\n", zorder=4, **style)
    axes.text(*place, f"\n{gradient}", color=_GRADIENT, zorder=4, **style)


def _free_area(start: Place, end: Place, half: float, taken: Sequence[_Area]) -> _Area:
    """Return where a number of such a half width stands on an arrow: where it meets nothing, else near the start."""
    places = [[a + along * (b - a) for a, b in zip(start, end, strict=True)] for along in _ALONG]
    areas = [_Area(x, y, half, _LABEL_HALF) for x, y in places]
    return next((area for area in areas if not any(area.meets(other) for other in taken)), areas[0])
