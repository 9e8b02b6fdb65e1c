"""Two gradients of the same network, by backpropagation and by numerical differentiation, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.figures.panels import open_up, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 10.4, 4.2  # inches
_BINS = 60


def agreement_figure(numerical: np.ndarray, backpropagated: np.ndarray) -> Figure:
    """Draw one gradient (parameters,) over the other, and how large its numbers and their differences are."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
    over, sizes = figure.subplots(1, 2, width_ratios=[1, 1.4])
    _draw_pairs(over, numerical, backpropagated)
    _draw_sizes(sizes, numerical, backpropagated)
    for axes in (over, sizes):
        open_up(axes)
    return figure


def _draw_pairs(axes: Axes, numerical: np.ndarray, backpropagated: np.ndarray) -> None:
    ends = [float(backpropagated.min()), float(backpropagated.max())]
    axes.plot(ends, ends, color="tab:gray", linewidth=1, label="equal")
    points: dict[str, Any] = {"s": 5, "color": "tab:blue", "alpha": 0.4, "rasterized": True}
    axes.scatter(backpropagated, numerical, label=f"the {len(numerical):,} parameters", **points)
    set_title(axes, "a point for each parameter")
    axes.locator_params(nbins=5)
    axes.set_xlabel("gradient by backpropagation")
    axes.set_ylabel("gradient by numerical differentiation")
    axes.legend(frameon=False, fontsize=9)


def _draw_sizes(axes: Axes, numerical: np.ndarray, backpropagated: np.ndarray) -> None:
    """Draw two histograms over a logarithmic axis, on which 0 has no place."""
    given = {"gradient": np.abs(backpropagated), "difference of the two": np.abs(numerical - backpropagated)}
    above = {name: values[values > 0] for name, values in given.items()}
    together = np.concatenate(list(above.values()))
    bins = np.geomspace(together.min(), together.max(), _BINS).tolist()
    for (name, values), colour, hatch in zip(above.items(), ("tab:blue", "tab:orange"), ("", "///"), strict=True):
        axes.hist(values, bins, color=colour, alpha=0.55, hatch=hatch, edgecolor=colour, linewidth=0.3, label=name)
    zeros = int(np.sum((backpropagated == 0) & (numerical == 0)))
    set_title(axes, "how large they are" + (f" ({zeros:,} more are 0 in both)" if zeros else ""))
    axes.set_xscale("log")
    axes.set_xlabel("size, without sign")
    axes.set_ylabel("parameters")
    axes.legend(frameon=False, fontsize=9)
