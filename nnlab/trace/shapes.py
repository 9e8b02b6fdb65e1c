"""Activations and losses as curves, each with its slope beside it: what the network of a trace makes of any number.

All values and slopes are those of the kernels, which a tiny network applies to one number after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import LINE_STYLES, add_legend_below, open_up, panels, set_title
from nnlab.trace.derivatives import network_of, slopes_of_output
from nnlab.trace.descent import losses_and_slopes_along
from nnlab.trace.traced import Trace, places

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 4.6, 3.6  # inches, of each panel
_POINTS = 401  # of a curve; odd, so that there is one in the middle, where many activations have a corner


class Shape(NamedTuple):
    """A curve and its slope, (points,) each."""

    values: np.ndarray
    slopes: np.ndarray


def activation_shapes_figure(traces: Mapping[str, Trace], low: float = -4.0, high: float = 4.0) -> Figure:
    """Draw the output of networks over their input, and its slope: with `trace=one_unit`, those of an activation.

    Args:
        traces: by the label to show.
        low: the lowest input.
        high: the highest input.

    Raises:
        ConfigurationError: a network has more than one input or output.
    """
    x = np.linspace(low, high, _POINTS)
    shapes = {label: shape_of_output(trace, x) for label, trace in traces.items()}
    return _drawn(x, shapes, ("z, what the unit takes", "what it gives", "its slope"))


def loss_shapes_figure(
    traces: Mapping[str, Trace], low: float = -4.0, high: float = 4.0, takes: str = "prediction"
) -> Figure:
    """Draw the loss over the bias of the first output, and its slope: with `trace=one_parameter`, over the output.

    Dots mark the lowest loss, where it is not at an end of the curve.

    Args:
        traces: by the label to show; their examples may be several, and the loss is then the mean.
        low: the lowest bias.
        high: the highest bias.
        takes: what the bias stands for.
    """
    values = np.linspace(low, high, _POINTS)
    shapes = {label: shape_of_loss(trace, values) for label, trace in traces.items()}
    figure = _drawn(values, shapes, (takes, "loss", "its slope"))
    for line, shape in zip(figure.axes[0].lines[1:], shapes.values(), strict=True):
        lowest = int(np.argmin(shape.values))
        if 0 < lowest < _POINTS - 1:
            place = ([values[lowest]], [shape.values[lowest]])
            figure.axes[0].plot(*place, marker="o", markersize=6, color=line.get_color(), zorder=3)
            set_title(figure.axes[0], "loss (dot: the lowest)")
    return figure


def shape_of_output(trace: Trace, x: np.ndarray) -> Shape:
    """Return what the network of a trace gives, at first, for some inputs (points,), and the slope there."""
    settings = trace.settings
    if settings.inputs.shape[1] != 1 or settings.targets.shape[1] != 1:
        raise ConfigurationError("the shape can be drawn of networks with one input and one output only")
    outputs = network_of(settings.layers).predict(x[:, None])[:, 0]
    return Shape(outputs, slopes_of_output(settings.layers, x))


def shape_of_loss(trace: Trace, values: np.ndarray) -> Shape:
    """Return the mean loss of a trace's examples at some values of the first output's bias, and the slope there."""
    bias, _ = next(places(trace.names))
    return Shape(*losses_and_slopes_along(trace, bias, values))


def _drawn(x: np.ndarray, shapes: Mapping[str, Shape], words: tuple[str, str, str]) -> Figure:
    """Draw two panels, with the words for the axis below and the two titles."""
    figure, both = panels(2, _WIDTH, _HEIGHT)
    for axes, part, title in zip(both, Shape._fields, words[1:], strict=True):
        _draw(axes, x, {label: getattr(shape, part) for label, shape in shapes.items()})
        set_title(axes, title)
        axes.set_xlabel(words[0])
    add_legend_below(figure, both[0], columns=3)
    return figure


def _draw(axes: Axes, x: np.ndarray, curves: Mapping[str, np.ndarray]) -> None:
    axes.axhline(0, color="black", linewidth=0.6)
    for number, (label, values) in enumerate(curves.items()):
        axes.plot(x, values, linestyle=LINE_STYLES[number % len(LINE_STYLES)], linewidth=1.8, label=label)
    axes.set_xlim(x[0], x[-1])
    open_up(axes)
