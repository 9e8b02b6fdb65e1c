"""Depth as folding: each layer of two ReLU units folds its input in the middle, so that each layer doubles the pieces.

One layer of so many units as all these have together puts in one bend per unit. Source: Telgarsky 2016, Benefits of
depth in neural networks, whose function is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nnlab.approximation.networks import relu_network
from nnlab.figures.panels import open_up, panels, set_title
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 3.4, 2.9  # inches, of each panel
_POINTS = 1025  # a power of two and one more, so that all bends are among them
_UNITS = 2  # of each layer


def folding_figure(depths: Sequence[int] = (1, 2, 3, 4)) -> Figure:
    """Draw a panel for each number of layers: what they make of numbers from 0 to 1."""
    figure, found = panels(len(depths), _WIDTH, _HEIGHT, len(depths), sharex=True, sharey=True)
    x = np.linspace(0, 1, _POINTS)
    for axes, depth in zip(found, depths, strict=True):
        axes.plot(x, folding_network(depth).predict(x[:, None])[:, 0], linewidth=1.6)
        layers, units = f"{depth} layer{'' if depth == 1 else 's'} of {_UNITS} units", _UNITS * depth
        set_title(axes, f"{layers}: {2**depth} pieces\n(one layer of {units}: at most {units + 1})")
        axes.set_xlabel("x")
        axes.set_ylabel("output")
        open_up(axes)
    return figure


def folding_network(depth: int) -> Network:
    """Return a network whose layers each fold once: t(x) = 2 max(x, 0) - 4 max(x - 1/2, 0), which is 1 - |2 x - 1|."""
    network = relu_network([_UNITS] * depth)
    out_of_a_fold = np.array([[2.0], [-4.0]])
    network.weights[0][:] = 1
    for weights in network.weights[1:-1]:
        weights[:] = out_of_a_fold  # both units take t
    network.weights[-1][:] = out_of_a_fold
    for biases in network.biases[:-1]:
        biases[:] = [0, -0.5]
    return network
