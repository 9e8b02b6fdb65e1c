"""Outputs that share a whole, as those of a softmax: what each of them gets, over the input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import panels
from nnlab.trace.derivatives import network_of
from nnlab.trace.traced import Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.4, 3.6  # inches
_POINTS = 401  # of a curve
_HATCHES = ("", "//", "..", "\\\\", "xx")
_PALE = 0.55


def shares_figure(trace: Trace, low: float = -4.0, high: float = 4.0) -> Figure:
    """Draw the outputs of a trace's network over its one input, each on top of those before it.

    Args:
        trace: of a network with one input and several outputs, none of them below 0.
        low: the lowest input.
        high: the highest input.

    Raises:
        ConfigurationError: there are several inputs.
    """
    settings = trace.settings
    if settings.inputs.shape[1] != 1:
        raise ConfigurationError("shares can be drawn of networks with one input only")
    x = np.linspace(low, high, _POINTS)
    outputs = network_of(settings.layers).predict(x[:, None])
    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    names = trace.names.outputs(len(settings.layers) - 1)
    for number, (parts, name) in enumerate(zip(axes.stackplot(x, outputs.T, alpha=_PALE), names, strict=True)):
        parts.set(hatch=_HATCHES[number % len(_HATCHES)], edgecolor="black", linewidth=0.8, label=name)
    axes.set_xlim(low, high)
    axes.set_ylim(0, float(outputs.sum(axis=1).max()))
    axes.set_xlabel("x")
    axes.set_ylabel("outputs, one on top of the other")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, reverse=True)
    return figure
