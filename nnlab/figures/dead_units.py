"""Dead units over the learning rate: the share of hidden units that give the same for every training example."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from nnlab.figures.panels import MARKERS, open_up, panels
from nnlab.training.dead_units import dead_shares
from nnlab.training.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.4, 3.8  # inches


def dead_units_figure(results: Mapping[str, Mapping[float, Result]]) -> Figure:
    """Draw the share of dead units over the learning rate: a line through the means, and a dot for each seed.

    Seeds that diverged are left out.

    Args:
        results: by the label to show and the learning rate, as `nnlab.train_each` returns them.
    """
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415

    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    for (label, trained), marker in zip(results.items(), cycle(MARKERS)):
        found = [(rate, share) for rate, result in trained.items() for share in dead_shares(result)]
        rates = sorted({rate for rate, _ in found})
        means = [np.mean([share for other, share in found if other == rate]) for rate in rates]
        (line,) = axes.plot(rates, means, marker=marker, label=label)
        axes.plot(*zip(*found, strict=True), ".", color=line.get_color(), alpha=0.4, zorder=1)
    axes.plot([], [], ".", color="grey", alpha=0.6, label="one seed")
    axes.set_xscale("log")
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("learning rate")
    axes.set_ylabel("dead hidden units")
    open_up(axes)
    axes.legend(frameon=False)
    return figure
