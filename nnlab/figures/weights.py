"""How large the weights of networks are: a histogram of each, one over the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nnlab.figures.panels import COLOURS, open_up, panels
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.8, 3.8  # inches
_BINS = 81
_SEEN = 99.8  # per cent of the weights of the network that has the largest
_NEARLY_0 = 0.001


def weights_figure(networks: Mapping[str, Network]) -> Figure:
    """Draw how many weights of each network have which size, biases aside.

    Args:
        networks: by the label to show.
    """
    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    found = {label: np.concatenate([each.ravel() for each in network.weights]) for label, network in networks.items()}
    edge = max(float(np.percentile(np.abs(weights), _SEEN)) for weights in found.values())
    bins = np.linspace(-edge, edge, _BINS).tolist()
    for number, (label, weights) in enumerate(found.items()):
        small = 100 * float(np.mean(np.abs(weights) < _NEARLY_0))
        text = f"{label}: standard deviation {weights.std():.2g}, {small:.0f} % within {_NEARLY_0:g} of 0"
        colour = COLOURS[number % len(COLOURS)]
        axes.hist(weights, bins, histtype="step", color=colour, linewidth=1.4, label=text)
    axes.set_yscale("log")
    axes.set_xlabel("weight")
    axes.set_ylabel("number of weights")
    open_up(axes)
    figure.legend(loc="outside lower center", frameon=False)
    return figure
