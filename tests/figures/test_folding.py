"""Layers that fold: each doubles the pieces, and the picture shows it."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.figures.folding import folding_figure, folding_network

X = np.linspace(0, 1, 1025)


def folded(x: np.ndarray, times: int) -> np.ndarray:
    for _ in range(times):
        x = 1 - np.abs(2 * x - 1)
    return x


def pieces(values: np.ndarray) -> int:
    """Return how many straight pieces evenly spaced values make, if all bends are among their places."""
    return 1 + int(np.sum(np.abs(np.diff(values, 2)) > 1e-9))


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_network_folds_once_per_layer(depth: int) -> None:
    values = folding_network(depth).predict(X[:, None])[:, 0]
    np.testing.assert_array_equal(values, folded(X, depth))
    assert pieces(values) == 2**depth


def test_a_panel_for_each_depth_with_its_numbers() -> None:
    figure = folding_figure((1, 3))
    assert [axes.get_title("left") for axes in figure.axes] == [
        "1 layer of 2 units: 2 pieces\n(one layer of 2: at most 3)",
        "3 layers of 2 units: 8 pieces\n(one layer of 6: at most 7)",
    ]
    for axes, depth in zip(figure.axes, (1, 3), strict=True):
        x, y = axes.lines[0].get_data()
        np.testing.assert_array_equal(y, folded(x, depth))
