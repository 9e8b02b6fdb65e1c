"""How many passes through a network one gradient takes: by numerical differentiation, and by backpropagation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnlab.figures.panels import open_up
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _ROW, _HEAD = 8.4, 0.95, 0.9  # inches, of a network, and of what is above and below the bars
_BAR = 0.26
_BACKPROPAGATION = 2  # one forward, one backward
_COLOURS = ("tab:blue", "tab:cyan", "tab:orange")


def passes_of(network: Network) -> dict[str, int]:
    """Return how many passes one gradient takes, by the way that it is worked out."""
    return {
        "numerical, weights alone": 2 * sum(weights.size for weights in network.weights),
        "numerical, all parameters": 2 * network.parameters.size,
        "backpropagation": _BACKPROPAGATION,
    }


def passes_figure(networks: Mapping[str, Network]) -> Figure:
    """Draw the passes of one gradient as bars, over a logarithmic axis.

    Args:
        networks: by the name that stands beside the bars.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    counts = {name: passes_of(network) for name, network in networks.items()}
    figure = Figure(figsize=(_WIDTH, _ROW * len(networks) + _HEAD), layout="constrained")
    axes = figure.subplots()
    for place, (way, colour) in enumerate(zip(next(iter(counts.values())), _COLOURS, strict=True)):
        rows = [row + (place - 1) * _BAR for row in range(len(counts))]
        bars = axes.barh(rows, [each[way] for each in counts.values()], _BAR * 0.9, color=colour, label=way)
        axes.bar_label(bars, fmt="{:,.0f}", padding=4, fontsize=9)
    axes.set_yticks(range(len(counts)), list(counts))
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(left=1, right=8 * max(each["numerical, all parameters"] for each in counts.values()))
    axes.set_xlabel("passes through the network for one gradient")
    open_up(axes, grid="x")
    figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=9)
    return figure
