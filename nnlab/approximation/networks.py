"""Small networks that fit functions, in float64, and random starts from which they can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.network import Network

_MAXOUT, _RELU = "maxout", Piece("relu")
_LOSS, _SCORE = Piece("mean_squared_error"), "squared_error"


def maxout_unit(elements: int, inputs: int = 1) -> Network:
    """Return a single maxout unit: its output is the largest of its elements, linear functions of the inputs."""
    return small_network([Dense(1, Piece(_MAXOUT, {"pieces": elements}))], inputs)


def relu_network(widths: Sequence[int], inputs: int = 1) -> Network:
    """Return a network of hidden ReLU layers and one linear output."""
    return small_network([*(Dense(width, _RELU) for width in widths), Dense(1)], inputs)


def small_network(layers: Sequence[Dense], inputs: int = 1) -> Network:
    """Return a network in float64, whose loss is the mean squared error."""
    return Network(Architecture(inputs, tuple(layers), _LOSS, _SCORE), "float64")


def start(network: Network, generator: np.random.Generator) -> None:
    """Draw parameters with which every unit, or element of a maxout unit, has a part in the output somewhere.

    Without that, a unit that is off for all inputs gets no gradient, and stays off.

    Args:
        network: of `maxout_unit` or `relu_network`.
        generator: decides everything.
    """
    if network.architecture.layers[-1].activation.name == _MAXOUT:
        _start_maxout(network, generator)
    else:
        _start_relu(network, generator)


def _start_maxout(network: Network, generator: np.random.Generator) -> None:
    """Let the elements touch a paraboloid a |x|²/2 + c·x + d: each is the largest around the place t where it does.

    That of t is (a t + c)·x - a |t|²/2 + d. Places are drawn from the square, a from exponential numbers, c and d from
    normal ones.
    """
    [weights], [biases] = network.weights, network.biases
    bend, places = generator.exponential(), generator.uniform(-1, 1, weights.shape)
    weights[:] = bend * places + generator.normal(size=(len(weights), 1))
    biases[:] = generator.normal() - bend / 2 * (places**2).sum(axis=0)


def _start_relu(network: Network, generator: np.random.Generator) -> None:
    """Draw weights by He's rule, and biases such that each unit begins to be on at some point of the square.

    A unit's bias is -w·a, with `a` what its layer gets of a random input.
    """
    network.initialise("he", generator, distribution="normal")
    *hidden, _ = zip(network.weights, network.biases, strict=True)
    units = sum(len(biases) for _, biases in hidden)
    values = generator.uniform(-1, 1, (units, network.architecture.inputs))  # an input for each unit
    first = 0
    for weights, biases in hidden:
        z = values @ weights
        own = np.arange(len(biases))
        biases[:] = -z[first + own, own]
        first += len(own)
        values = np.maximum(z + biases, 0)
