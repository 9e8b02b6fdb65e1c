"""The course of a training, update by update: the prediction, and the loss over a logarithmic axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.figures.panels import LINE_STYLES, add_legend_below, open_up, panels
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 5.0, 3.6  # inches, of each panel
_LOWEST = 1e-12  # loss that is to be seen: below it, a loss of a prediction of the size of 1 is mostly rounding
_LEAST_RATIO = (
    10.0  # of the ends of the loss axis: one that a loss fills which is the same but for rounding has no numbers
)
_MOST_MARKED = 30  # updates whose points do not run into each other


def course_figure(traces: Mapping[str, Trace]) -> Figure:
    """Draw the first output for the first example, and the mean loss over all examples, after 0, 1, 2 ... updates.

    Losses below 1e-12 are drawn at that height. The target is that of the first trace.

    Args:
        traces: by the name of their line.
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    figure, (left, right) = panels(2, _WIDTH, _HEIGHT)
    marker = "o" if all(len(trace.path) <= _MOST_MARKED for trace in traces.values()) else ""
    for number, (title, trace) in enumerate(traces.items()):
        line = LINE_STYLES[number % len(LINE_STYLES)]
        style: dict[str, Any] = {"linestyle": line, "marker": marker, "markersize": 3.5, "label": title}
        predictions, losses = course_of(trace)
        left.plot(predictions, **style)
        right.plot(np.maximum(losses, _LOWEST), **style)
    target = next(iter(traces.values())).settings.targets[0, 0]
    left.axhline(target, color="black", linewidth=0.8, zorder=0, label=f"right: {target:g}")
    right.set_yscale("log")
    _widen(right)
    for axes, name in ((left, "prediction"), (right, "loss")):
        axes.set_xlabel("updates done")
        axes.set_ylabel(name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        open_up(axes)
    add_legend_below(figure, left, columns=5)
    return figure


def _widen(axes: Axes) -> None:
    """Let a logarithmic axis have at least the smallest range, around its middle."""
    low, high = axes.get_ylim()
    if high < _LEAST_RATIO * low:
        middle, half = np.sqrt(low * high), np.sqrt(_LEAST_RATIO)
        axes.set_ylim(middle / half, middle * half)


def course_of(trace: Trace) -> tuple[np.ndarray, np.ndarray]:
    """Return predictions and losses, (updates + 1,) each: the start first, then after each update."""
    x, y, networks = trace.settings.inputs, trace.settings.targets, trace.networks
    predictions = [network.predict(x[:1])[0, 0] for network in networks]
    losses = [network.loss_and_gradient(x, y)[0] for network in networks]
    return np.array(predictions), np.array(losses)
