"""Small networks whose parameters are worked out and not trained: each is a function that is known in advance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlab.approximation.networks import relu_network, small_network
from nnlab.architecture import Dense, Piece
from nnlab.network import Network

UNITS_OF_A_FOLD = 2


def folding_network(depth: int) -> Network:
    """Return a network whose layers each fold once: t(x) = 2 max(x, 0) - 4 max(x - 1/2, 0), which is 1 - |2 x - 1|.

    Its output is t(t(...t(x))) for x in [0, 1], made of 2^depth straight pieces. Source: Telgarsky 2016, Benefits of
    depth in neural networks, whose function is the same.
    """
    network = relu_network([UNITS_OF_A_FOLD] * depth)
    out_of_a_fold = np.array([[2.0], [-4.0]])
    network.weights[0][:] = 1
    for weights in network.weights[1:-1]:
        weights[:] = out_of_a_fold  # both units take t
    network.weights[-1][:] = out_of_a_fold
    for biases in network.biases[:-1]:
        biases[:] = [0, -0.5]
    return network


def sum_of_sigmoids(count: int) -> Network:
    """Return a network of one input z that gives sigmoid(z - 1/2) + sigmoid(z - 3/2) + ..., with `count` terms.

    Without an end, the sum is close to softplus(z) = log(1 + e^z), a ReLU with a round corner. Source: Nair and Hinton
    2010, section 2.
    """
    network = small_network([Dense(count, Piece("sigmoid")), Dense(1)])
    network.weights[0][:], network.weights[1][:] = 1, 1
    network.biases[0][:] = 0.5 - np.arange(1, count + 1)
    return network


def dropped_unit(weights: Sequence[float], bias: float, rate: float = 0.5) -> Network:
    """Return one linear unit, its inputs dropped with probability `rate`, and its weights scaled at test."""
    noise = Piece("bernoulli", {"rate": rate, "scaling": "weights"})
    network = small_network([Dense(1, noise=(noise,))], len(weights))
    network.weights[0][:, 0], network.biases[0][:] = weights, bias
    return network
