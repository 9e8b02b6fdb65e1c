"""Descent along one parameter as a picture: the loss as a curve, and the updates of a trace as steps on it.

The curve is worked out by the network itself, with the parameter at many places and all others as they are at first.
So the steps lie on it where no other parameter moves, as in `trace=one_parameter`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnlab.errors import unknown_name
from nnlab.trace.derivatives import network_of
from nnlab.trace.numbers import text_of
from nnlab.trace.traced import Trace, places

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 4.4, 3.2  # inches, of each panel
_MARGIN = 0.4  # on both sides of what is to be seen, in parts of it
_POINTS = 201  # of a curve
_HIGHEST = 2.2  # that is to be seen, in parts of the highest of those losses
_DIGITS = 3


class Steps(NamedTuple):
    """Where the updates of a trace lead, the start first.

    Attributes:
        values: of the parameter, (updates + 1,).
        losses: the mean over all examples, (updates + 1,).
    """

    values: np.ndarray
    losses: np.ndarray


def descent_figure(traces: Mapping[str, Trace], parameter: str = "b") -> Figure:
    """Draw a panel for each trace: the loss along a parameter, and the steps on it.

    All panels show the same part of the plane, around the steps of those traces whose loss does not end above its
    start. Above each panel stands where its
    steps end, and how many of them are out of sight.

    Args:
        traces: by the title of the panel.
        parameter: its name in the graph.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    steps = {title: steps_along(trace, parameter) for title, trace in traces.items()}
    seen = _seen(list(steps.values()))
    values = np.linspace(*_range_of(seen.values), _POINTS)
    top = _HIGHEST * float(seen.losses.max()) or 1.0
    columns = 2 if len(traces) in (2, 4) else min(len(traces), 3)
    rows = -(-len(traces) // columns)
    figure = Figure(figsize=(_WIDTH * columns, _HEIGHT * rows), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, title in zip(panels, traces, strict=False):
        axes.plot(values, losses_along(traces[title], parameter, values), color="tab:gray", linewidth=1.2)
        axes.set_title(title, loc="left", fontsize=10, fontweight="bold", pad=20)
        axes.set_xlim(values[0], values[-1])
        axes.set_ylim(-0.05 * top, top)
        _describe(axes, parameter)
        _draw(axes, steps[title], parameter)
    for axes in panels[len(traces) :]:
        axes.set_axis_off()
    return figure


def steps_along(trace: Trace, parameter: str = "b") -> Steps:
    """Return where the updates of a trace lead."""
    place, settings = _place_of(trace, parameter), trace.settings
    networks = [network_of(layers, settings.loss) for layers in trace.path]
    losses = [network.loss_and_gradient(settings.inputs, settings.targets)[0] for network in networks]
    return Steps(np.array([network.parameters[place] for network in networks]), np.array(losses))


def losses_along(trace: Trace, parameter: str, values: np.ndarray) -> np.ndarray:
    """Return the mean loss over all examples at some values of a parameter, all others as they are at first."""
    place, settings = _place_of(trace, parameter), trace.settings
    network, losses = network_of(settings.layers, settings.loss), []
    for value in values:
        network.parameters[place] = value
        losses.append(network.loss_and_gradient(settings.inputs, settings.targets)[0])
    return np.array(losses)


def _place_of(trace: Trace, parameter: str) -> int:
    found = dict(places(trace.names))
    if parameter not in found:
        raise unknown_name("parameter", parameter, tuple(found))
    return found[parameter]


def _seen(steps: list[Steps]) -> Steps:
    """Return the steps around which the picture is: without those of traces that end above their start."""
    calm = [each for each in steps if each.losses[-1] <= each.losses[0]]
    shown = calm or [Steps(each.values[:2], each.losses[:2]) for each in steps]
    values, losses = (np.concatenate(parts) for parts in zip(*shown, strict=True))
    finite = np.isfinite(values) & np.isfinite(losses)
    return Steps(values[finite], losses[finite])


def _range_of(values: np.ndarray) -> tuple[float, float]:
    """Return which values of the parameter are to be seen."""
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _describe(axes: Axes, parameter: str) -> None:
    axes.set_xlabel(parameter)
    axes.set_ylabel("loss")
    axes.tick_params(labelbottom=True, labelleft=True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def _draw(axes: Axes, steps: Steps, parameter: str) -> None:
    """Draw the steps, the start hollow, and say where they end and how many cannot be seen."""
    axes.plot(*steps, color="tab:red", marker="o", markersize=4, linewidth=0.8, label="steps")
    start: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": "tab:red", "markersize": 7, "zorder": 3}
    axes.plot(*(each[:1] for each in steps), marker="o", linestyle="none", label="start", **start)
    end = f"{parameter} = {text_of(steps.values[-1], _DIGITS)}, loss = {text_of(steps.losses[-1], _DIGITS)}"
    (low, high), (_, top) = axes.get_xlim(), axes.get_ylim()
    hidden = len(steps.values) - int(np.sum((steps.values >= low) & (steps.values <= high) & (steps.losses <= top)))
    outside = f"; {hidden} of them out of sight" if hidden else ""
    text = f"{len(steps.values) - 1} steps, to {end}{outside}"
    axes.text(0, 1.03, text, transform=axes.transAxes, va="bottom", fontsize=8.5)
