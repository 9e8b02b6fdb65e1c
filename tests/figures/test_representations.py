"""The layers of a network as points: distances and directions are right, and pairs are the same in all panels."""

from __future__ import annotations

import numpy as np
import pytest

import nnlab
from nnlab.figures.representations import in_two_directions, pairs_of, representations_figure

POINTS = np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 0.0], [4.0, 3.0]])
LABELS = np.array([0, 1, 0, 1])


def test_pairs_are_the_nearest_of_two_classes_and_the_farthest_of_one() -> None:
    pairs = pairs_of(POINTS, LABELS)
    assert set(pairs.similar) == {0, 1}
    assert set(pairs.different) == {1, 3}  # 4.24 apart, the other pair of one class 4


def test_directions_are_those_of_the_largest_variance() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(200, 4)) * [1, 30, 0.1, 5] + 7
    first, second = in_two_directions(values).T
    assert abs(np.corrcoef(first, values[:, 1])[0, 1]) > 0.999
    assert abs(np.corrcoef(second, values[:, 3])[0, 1]) > 0.999
    assert np.abs([first.mean(), second.mean()]) == pytest.approx([0, 0], abs=1e-9)


def test_a_panel_for_the_inputs_and_each_hidden_layer() -> None:
    network = nnlab.untrained_network(["dataset=moons", "width=[5,4]"])
    figure = representations_figure(network, POINTS, LABELS)
    assert [axes.get_title("left") for axes in figure.axes] == ["inputs", "hidden layer 1", "hidden layer 2"]
    values = network.activations(POINTS)
    scaled = (POINTS - network.scaling.input_shift) * network.scaling.input_scale  # as the network gets them
    for axes, own in zip(figure.axes, [scaled, *values], strict=True):
        distances = np.linalg.norm(own[:, np.newaxis] - own, axis=2)
        near = distances[0, 1] / np.mean([distances[0, 2], distances[1, 3]])
        far = distances[1, 3] / np.mean([distances[a, b] for a, b in ((0, 1), (0, 3), (1, 2), (2, 3))])
        within, between = axes.get_xlabel().split("\n")
        assert within == f"red pair {near:.2f} of the mean within classes,"
        assert between == f"black pair {far:.2f} of that between them"
        *classes, red, black = axes.lines
        points = in_two_directions(own)
        for label, line in enumerate(classes):
            np.testing.assert_allclose(np.transpose(line.get_data()), points[label == LABELS])
        np.testing.assert_allclose(np.sort(red.get_xdata()), np.sort(points[[0, 1], 0]))
        np.testing.assert_allclose(np.sort(black.get_xdata()), np.sort(points[[1, 3], 0]))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["class 0", "class 1"]
