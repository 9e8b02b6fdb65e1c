"""How far a change of the first layer goes is what two passes, worked out by hand, say."""

from __future__ import annotations

import numpy as np
import pytest

import nnlab
from nnlab.figures.change import change_figure, changes
from nnlab.network import Network

INPUTS = np.random.default_rng(1).normal(size=(20, 4))


def network(activation: str, depth: int = 3) -> Network:
    overrides = ["dataset=iris", f"depth={depth}", "width=30", "dtype=float64", f"activation={activation}"]
    return nnlab.untrained_network(overrides)


def outputs_by_hand(of: Network, first: np.ndarray) -> list[np.ndarray]:
    """Return what two layers of sigmoids and a softmax give, with other weights in the first layer."""
    x = (INPUTS - of.scaling.input_shift) * of.scaling.input_scale
    a = 1 / (1 + np.exp(-(x @ first + of.biases[0])))
    b = 1 / (1 + np.exp(-(a @ of.weights[1] + of.biases[1])))
    z = np.exp(b @ of.weights[2] + of.biases[2])
    return [a, b, z / z.sum(axis=1, keepdims=True)]


def test_changes_are_those_of_two_passes() -> None:
    own = network("sigmoid", depth=2)
    weights = own.weights[0]
    nudged = weights + 0.01 * weights.std() * np.random.default_rng(3).standard_normal(weights.shape)
    pairs = zip(outputs_by_hand(own, weights), outputs_by_hand(own, nudged), strict=True)
    expected = [np.sqrt(np.mean((after - before) ** 2)) for before, after in pairs]
    np.testing.assert_allclose(changes(own, INPUTS, seed=3), expected, rtol=1e-6)


def test_the_network_stays_as_it_is() -> None:
    own = network("relu")
    before = own.parameters.copy()
    changes(own, INPUTS)
    np.testing.assert_array_equal(own.parameters, before)


def test_through_sigmoids_a_change_shrinks_and_through_relus_it_does_not() -> None:
    sigmoid, relu = (changes(network(name), INPUTS) for name in ("sigmoid", "relu"))
    assert sigmoid[2] < 0.2 * sigmoid[0]
    assert relu[2] > 0.4 * relu[0]


def test_each_network_has_a_line_that_begins_at_1() -> None:
    networks = {"sigmoid": network("sigmoid"), "ReLU": network("relu")}
    axes = change_figure(networks, INPUTS).axes[0]
    assert [line.get_label() for line in axes.lines] == list(networks)
    for line, own in zip(axes.lines, networks.values(), strict=True):
        found = changes(own, INPUTS)
        np.testing.assert_allclose(line.get_ydata(), found / found[0])
        assert list(line.get_xdata()) == [1, 2, 3, 4]
    assert axes.get_yscale() == "log"
    assert axes.lines[0].get_ydata()[0] == pytest.approx(1)
