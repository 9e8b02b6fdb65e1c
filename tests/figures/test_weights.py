"""Histograms of weights count all of them, and the legend says how large they are."""

from __future__ import annotations

import numpy as np

import nnlab
from nnlab.figures.weights import weights_figure


def test_each_network_has_a_histogram_and_a_line_in_the_legend() -> None:
    wide, narrow = (nnlab.untrained_network(["dataset=iris", "width=4", "depth=1"]) for _ in range(2))
    wide.weights[0][:] = np.reshape([-1, 1] * 8, (4, 4))
    wide.weights[1][:] = 0
    narrow.weights[0][:], narrow.weights[1][:], narrow.biases[0][:] = 0.5, -0.5, 9
    figure = weights_figure({"wide": wide, "narrow": narrow})
    axes = figure.axes[0]
    heights = [np.unique(patch.get_xy()[:, 1]) for patch in axes.patches]
    assert [height.max() for height in heights] == [12, 16]  # of 28 weights: 12 zeros; 16 halves
    assert axes.get_xlim()[1] < 2  # biases have no part
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "wide: standard deviation 0.76, 43 % within 0.001 of 0",
        "narrow: standard deviation 0.49, 0 % within 0.001 of 0",
    ]
