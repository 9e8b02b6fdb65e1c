"""Layers that fold are drawn with what they make of numbers from 0 to 1."""

from __future__ import annotations

import numpy as np

from nnlab.figures.folding import folding_figure


def folded(x: np.ndarray, times: int) -> np.ndarray:
    for _ in range(times):
        x = 1 - np.abs(2 * x - 1)
    return x


def test_a_panel_for_each_depth_with_its_numbers() -> None:
    figure = folding_figure((1, 3))
    assert [axes.get_title("left") for axes in figure.axes] == [
        "1 layer of 2 units: 2 pieces\n(one layer of 2: at most 3)",
        "3 layers of 2 units: 8 pieces\n(one layer of 6: at most 7)",
    ]
    for axes, depth in zip(figure.axes, (1, 3), strict=True):
        x, y = axes.lines[0].get_data()
        np.testing.assert_array_equal(y, folded(x, depth))
