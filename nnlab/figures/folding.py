"""Depth as folding: each layer of two ReLU units folds its input in the middle, so that each layer doubles the pieces.

One layer of so many units as all these have together puts in one bend per unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nnlab.approximation.by_hand import UNITS_OF_A_FOLD, folding_network
from nnlab.figures.panels import open_up, panels, set_title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 3.4, 2.9  # inches, of each panel
_POINTS = 1025  # a power of two and one more, so that all bends are among them


def folding_figure(depths: Sequence[int] = (1, 2, 3, 4)) -> Figure:
    """Draw a panel for each number of layers: what they make of numbers from 0 to 1."""
    figure, found = panels(len(depths), _WIDTH, _HEIGHT, len(depths), sharex=True, sharey=True)
    x = np.linspace(0, 1, _POINTS)
    for axes, depth in zip(found, depths, strict=True):
        axes.plot(x, folding_network(depth).predict(x[:, None])[:, 0], linewidth=1.6)
        layers, units = f"{depth} layer{'' if depth == 1 else 's'} of {UNITS_OF_A_FOLD} units", UNITS_OF_A_FOLD * depth
        set_title(axes, f"{layers}: {2**depth} pieces\n(one layer of {units}: at most {units + 1})")
        axes.set_xlabel("x")
        axes.set_ylabel("output")
        open_up(axes)
    return figure
