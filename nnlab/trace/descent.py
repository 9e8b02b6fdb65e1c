"""Descent along one parameter as a picture: the loss as a curve, and the updates of a trace as steps on it.

The curve is worked out by the network itself, with the parameter at many places and all others as they are at first.
So the steps lie on it where no other parameter moves, as in `trace=one_parameter`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nnlab.errors import unknown_name
from nnlab.figures.walks import Steps, Walk, walks_figure
from nnlab.trace.derivatives import network_of
from nnlab.trace.traced import Trace, places

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def descent_figure(traces: Mapping[str, Trace], parameter: str = "b") -> Figure:
    """Draw a panel for each trace: the loss along a parameter, and the steps on it.

    Args:
        traces: by the title of the panel.
        parameter: its name in the graph.
    """
    return walks_figure({title: _walk(trace, parameter) for title, trace in traces.items()}, parameter)


def _walk(trace: Trace, parameter: str) -> Walk:
    return Walk(steps_along(trace, parameter), partial(losses_along, trace, parameter))


def steps_along(trace: Trace, parameter: str = "b") -> Steps:
    """Return where the updates of a trace lead."""
    place, settings = _place_of(trace, parameter), trace.settings
    networks = trace.networks
    losses = [network.loss_and_gradient(settings.inputs, settings.targets)[0] for network in networks]
    return Steps(np.array([network.parameters[place] for network in networks]), np.array(losses))


def losses_along(trace: Trace, parameter: str, values: np.ndarray) -> np.ndarray:
    """Return the mean loss over all examples at some values of a parameter, all others as they are at first."""
    return losses_and_slopes_along(trace, parameter, values)[0]


def losses_and_slopes_along(trace: Trace, parameter: str, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what `losses_along` does, and the derivative of that loss with respect to the parameter."""
    place, settings = _place_of(trace, parameter), trace.settings
    network, losses, slopes = network_of(settings.layers, settings.loss), [], []
    for value in values:
        network.parameters[place] = value
        loss, gradient = network.loss_and_gradient(settings.inputs, settings.targets)
        losses.append(loss)
        slopes.append(gradient[place])
    return np.array(losses), np.array(slopes)


def _place_of(trace: Trace, parameter: str) -> int:
    found = dict(places(trace.names))
    if parameter not in found:
        raise unknown_name("parameter", parameter, tuple(found))
    return found[parameter]
