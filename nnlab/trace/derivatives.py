"""Values and derivatives of parts of a network, each worked out by the kernels as a small network of its own.

The derivative of what a layer gives is the gradient of a loss of slope 1, and the derivative with respect to what it
takes is that of the biases of an identity before it. So no formula of any piece is written down a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.network import Network
from nnlab.trace.layer import Layer

_SLOPE_OF_1 = Piece("mean_absolute_error")  # of one output, above the target
_FAR_BELOW = -1e300
_ANY = Piece("mean_squared_error")  # of a network whose loss nobody asks for: it leaves outputs as they are


class Derivatives(NamedTuple):
    """The derivatives of one number with respect to what a layer takes and has.

    Attributes:
        inputs: (inputs,).
        weights: (inputs, columns).
        biases: (columns,).
        learned: by the activation, (numbers,).
    """

    inputs: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    learned: np.ndarray


def network_of(layers: Sequence[Layer], loss: Piece = _ANY) -> Network:
    """Return layers as a network in float64."""
    dense = tuple(Dense(layer.units, layer.activation) for layer in layers)
    network = Network(Architecture(len(layers[0].weights), dense, loss, score="squared_error"), "float64")
    network.parameters[:] = flat(layers)
    return network


def flat(layers: Sequence[Layer]) -> np.ndarray:
    """Return all numbers of layers in the order of a network's parameters: weights first, then all others."""
    others = [numbers for layer in layers for numbers in (layer.biases, layer.learned)]
    return np.concatenate([*(layer.weights.ravel() for layer in layers), *others])


def unflattened(vector: np.ndarray, layers: Sequence[Layer]) -> list[Layer]:
    """Return layers like some others, with the numbers of a vector in the order of `flat`."""
    weights, others = [], []
    for shape in (layer.weights.shape for layer in layers):
        weights.append(vector[: shape[0] * shape[1]].reshape(shape))
        vector = vector[shape[0] * shape[1] :]
    for layer in layers:
        cuts = np.cumsum([layer.biases.size, layer.learned.size])
        others.append((vector[: cuts[0]], vector[cuts[0] : cuts[1]]))
        vector = vector[cuts[1] :]
    return [
        Layer(matrix, biases, layer.activation, learned)
        for layer, matrix, (biases, learned) in zip(layers, weights, others, strict=True)
    ]


def outputs_of(layer: Layer, x: np.ndarray) -> np.ndarray:
    """Return what a layer gives (units,) for what it takes (inputs,)."""
    outputs: np.ndarray = network_of([layer]).predict(x[None])[0]
    return outputs


def derivatives_of_unit(layer: Layer, x: np.ndarray, unit: int) -> Derivatives:
    """Return the derivatives of what one unit of a layer gives for what the layer takes (inputs,)."""
    chosen = Layer.of(np.eye(layer.units)[:, [unit]], np.zeros(1))
    layers = [Layer.identity(len(x)), layer, chosen]
    _, gradient = network_of(layers, _SLOPE_OF_1).loss_and_gradient(x[None], [[_FAR_BELOW]])
    before, own, _ = unflattened(gradient, layers)
    return Derivatives(before.biases, own.weights, own.biases, own.learned)


def slopes_of_output(layers: Sequence[Layer], x: np.ndarray) -> np.ndarray:
    """Return the slope (n,) of the one output of some layers over their one input, at several places (n,)."""
    all_layers = [Layer.identity(1), *layers]
    network = network_of(all_layers, _SLOPE_OF_1)
    gradients = [network.loss_and_gradient([[place]], [[_FAR_BELOW]])[1] for place in x]
    return np.array([unflattened(gradient, all_layers)[0].biases[0] for gradient in gradients])


def gradient_of_inputs(layers: Sequence[Layer], loss: Piece, x: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the gradient (inputs,) of the loss of one example with respect to what some layers take (inputs,).

    Without layers, what they take are the outputs of which the loss is.
    """
    all_layers = [Layer.identity(len(x)), *layers]
    _, gradient = network_of(all_layers, loss).loss_and_gradient(x[None], targets[None])
    return unflattened(gradient, all_layers)[0].biases
