"""LSUV on networks in NumPy: every layer's pre-activations get variance 1, by dividing orthogonal weights."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from nnlab.initialisation import initial_layer, lsuv

SETTINGS = {"tolerance": 0.1, "iterations": 10, "examples": 256}
WIDTHS = (20, 30, 50, 8, 8, 8, 8, 8, 8, 3)
ACTIVATIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}


class Mlp:
    """An obvious network; counts how often it is asked for pre-activations."""

    def __init__(self, activation: str, dtype: str = "float64", **settings: float) -> None:
        generator = np.random.default_rng(4)
        self.inputs = generator.normal(3.0, 5.0, (256, WIDTHS[0]))
        layers = [initial_layer("lsuv", generator, *shape, **settings) for shape in pairwise(WIDTHS)]
        self.weights = [weights.astype(dtype) for weights, _ in layers]
        self.biases = [bias for _, bias in layers]
        self.activation = ACTIVATIONS[activation]
        self.asked: list[int] = []

    def pre_activations(self, layer: int) -> np.ndarray:
        self.asked.append(layer)
        a = self.inputs
        for weights, bias in zip(self.weights[:layer], self.biases, strict=False):
            a = self.activation(a @ weights + bias)
        return a @ self.weights[layer] + self.biases[layer]

    def variances(self) -> np.ndarray:
        return np.array([self.pre_activations(layer).var() for layer in range(len(self.weights))])


def sequential(network: Mlp) -> list[np.ndarray]:
    """Return the weights for a network without biases: each layer divided by its deviation after the new ones."""
    a, adjusted = network.inputs, []
    for weights in network.weights:
        adjusted.append(weights / np.std(a @ weights))
        a = network.activation(a @ adjusted[-1])
    return adjusted


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_all_variances_become_one(activation: str, dtype: str) -> None:
    network = Mlp(activation, dtype)
    assert np.abs(network.variances() - 1).max() > 0.5
    lsuv.adjust(network.weights, network.pre_activations, **SETTINGS)
    assert network.variances() == pytest.approx(1, abs=1e-5)
    assert all(weights.dtype == dtype for weights in network.weights)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_it_is_a_division_layer_by_layer(activation: str) -> None:
    network = Mlp(activation)
    ref = sequential(network)
    lsuv.adjust(network.weights, network.pre_activations, **SETTINGS | {"tolerance": 1e-9})
    for comp, expected in zip(network.weights, ref, strict=True):
        assert comp == pytest.approx(expected, rel=1e-12)


def test_biases_and_scale_are_allowed_for() -> None:
    network = Mlp("relu", scale=0.5, bias=2.0)
    lsuv.adjust(network.weights, network.pre_activations, **SETTINGS, scale=0.5, bias=2.0)
    assert network.variances() == pytest.approx(0.25, rel=1e-5)


def test_the_weights_to_start_from_are_orthogonal() -> None:
    comp = initial_layer("lsuv", np.random.default_rng(0), 9, 5)[0]
    assert np.array_equal(comp, initial_layer("orthogonal", np.random.default_rng(0), 9, 5)[0])


@pytest.mark.parametrize(("tolerance", "is_left"), [(0.09, True), (0.08, False)])
def test_what_is_near_enough_is_left_alone(tolerance: float, is_left: bool) -> None:
    """The tolerance is for the variance: 1.04 squared is 1.0816."""
    network = Mlp("tanh")
    lsuv.adjust(network.weights, network.pre_activations, **SETTINGS)
    network.weights[2] *= 1.04
    before = [weights.copy() for weights in network.weights]
    lsuv.adjust(network.weights, network.pre_activations, **SETTINGS | {"tolerance": tolerance})
    assert np.array_equal(network.weights[2], before[2]) == is_left
    assert all(np.array_equal(now, then) for now, then in zip(network.weights[:2], before, strict=False))


def test_layers_come_in_order_and_each_is_asked_twice() -> None:
    network = Mlp("relu")
    lsuv.adjust(network.weights, network.pre_activations, **SETTINGS)
    assert network.asked == [layer for layer in range(len(network.weights)) for _ in range(2)]


def never_at_one(seen: list[float]) -> Callable[[int], np.ndarray]:
    def pre_activations(layer: int) -> np.ndarray:
        seen.append(layer)
        return np.array([[-2.0, 2.0]])

    return pre_activations


def test_it_gives_up_after_the_iterations() -> None:
    """Where what follows the weights rescales it, as batch normalisation does."""
    weights, seen = [np.ones((2, 2))], []
    lsuv.adjust(weights, never_at_one(seen), tolerance=0.1, iterations=3)
    assert len(seen) == 3
    assert np.array_equal(weights[0], np.full((2, 2), 1 / 8))


@pytest.mark.parametrize("settings", [{"scale": 0.0, "bias": 0.1}, {"scale": 1.0, "bias": 0.1}])
def test_a_layer_without_variance_is_left_alone(settings: dict[str, float]) -> None:
    network = Mlp("relu", **settings)
    network.inputs = np.zeros_like(network.inputs)
    before = network.weights[0].copy()
    lsuv.adjust(network.weights[:1], network.pre_activations, **SETTINGS, **settings)
    assert np.array_equal(network.weights[0], before)
