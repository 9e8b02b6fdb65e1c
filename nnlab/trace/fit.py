"""What a network of one input makes of it, before and after each update, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import add_legend_below, open_up, panels, set_title
from nnlab.trace.derivatives import network_of
from nnlab.trace.layer import Layer
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_PANELS = 6
_POINTS = 101
_MARGIN = 0.5  # on both sides of the examples, in parts of their range


def fit_figure(trace: Trace) -> Figure:
    """Draw a panel for each of the first updates: all examples, and y_hat over x before and after the update.

    Raises:
        ConfigurationError: the network has more than one input or output.
    """
    settings = trace.settings
    if settings.inputs.shape[1] != 1 or settings.targets.shape[1] != 1:
        raise ConfigurationError("a fit can be drawn of networks with one input and one output only")
    updates = trace.updates[:_MOST_PANELS]
    figure, found = panels(len(updates), sharex=True, sharey=True)
    x = _range_of(settings.inputs[:, 0])
    for axes, update in zip(found, updates, strict=True):
        _draw(axes, trace, x, update.layers, color="tab:gray", linestyle="--", label="before the update")
        _draw(axes, trace, x, update.layers_after, color="tab:blue", label="after the update")
        axes.plot(settings.inputs, settings.targets, "o", color="black", markersize=4, label="examples")
        ring: dict[str, Any] = {"markersize": 11, "markerfacecolor": "none", "color": "tab:red"}
        axes.plot(update.inputs, update.targets, "o", label="used by this update", **ring)
        _describe(axes, f"update {update.number}")
    add_legend_below(figure, found[0], columns=4)
    return figure


def _range_of(inputs: np.ndarray) -> np.ndarray:
    margin = _MARGIN * float(np.ptp(inputs)) or 1.0
    return np.linspace(inputs.min() - margin, inputs.max() + margin, _POINTS)


def _draw(axes: Axes, trace: Trace, x: np.ndarray, layers: Sequence[Layer], **style: Any) -> None:
    axes.plot(x, network_of(layers, trace.settings.loss).predict(x[:, None])[:, 0], **style)


def _describe(axes: Axes, title: str) -> None:
    set_title(axes, title)
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    open_up(axes)
