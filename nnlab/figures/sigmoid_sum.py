"""ReLU as a sum of sigmoids, each one further to the right than the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.approximation.by_hand import sum_of_sigmoids
from nnlab.figures.panels import add_legend_below, open_up, panels, set_title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOW, _HIGH, _POINTS = -5.0, 7.0, 241
_TOP = 7.0
_RELU: dict[str, Any] = {"color": "black", "linestyle": "--", "linewidth": 1.2}


def sigmoid_sum_figure(counts: Sequence[int] = (1, 3, 8)) -> Figure:
    """Draw a panel for each number of sigmoids: each of them, their sum, and ReLU."""
    figure, found = panels(len(counts), height=3.0, sharex=True, sharey=True)
    z = np.linspace(_LOW, _HIGH, _POINTS)
    for axes, count in zip(found, counts, strict=True):
        network = sum_of_sigmoids(count)
        each = network.activations(z[:, None])[0]
        axes.plot(z, each[:, 1:], color="tab:gray", linewidth=0.8)
        axes.plot(z, each[:, 0], color="tab:gray", linewidth=0.8, label="each sigmoid")
        axes.plot(z, network.predict(z[:, None])[:, 0], color="tab:blue", linewidth=2, label="their sum")
        axes.plot(z, np.maximum(z, 0), label="ReLU", **_RELU)
        set_title(axes, "one sigmoid" if count == 1 else f"{count} sigmoids")
        axes.set_xlabel("z")
        axes.set_ylabel("output")
        axes.set_ylim(-0.3, _TOP)
        open_up(axes)
    add_legend_below(figure, found[0], columns=3)
    return figure
