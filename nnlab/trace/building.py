"""Builds the computation graph of one example, layer by layer: products, sums, what the activation makes of them, loss.

Values and derivatives of each node are those of its own layer, see `nnlab.trace.derivatives`. The gradients are those
of the whole network, by the backward pass of training: that of a bias is, for one example, that of the sum it is in.
Source: Rumelhart, Hinton and Williams 1986.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnlab.architecture import Piece
from nnlab.trace import derivatives
from nnlab.trace.graph import COMPUTED, DATA, PARAMETER, Graph
from nnlab.trace.layer import Layer
from nnlab.trace.names import LOSS, Names


class _Seen(NamedTuple):
    """A layer of the network, with what it takes and gives for the example, and the gradients."""

    number: int  # from 0
    layer: Layer
    gradients: Layer  # of the layer's numbers
    x: np.ndarray  # (inputs,)
    a: np.ndarray  # (units,)
    gradient_of_a: np.ndarray  # (units,)


def graph_of(layers: Sequence[Layer], loss: Piece, x: np.ndarray, targets: np.ndarray) -> Graph:
    """Return the computation graph of one example.

    Args:
        layers: of the network.
        loss: of the outputs.
        x: (features,).
        targets: (outputs,).

    Returns:
        Values and gradients in the units of data, parameters and loss; the gradient of the loss itself is 1.
    """
    graph, names = Graph(), Names(layers, loss)
    value, gradient = derivatives.network_of(layers, loss).loss_and_gradient(x[None], targets[None])
    for row, (name, number) in enumerate(zip(names.inputs(0), x, strict=True)):
        graph.add(name, DATA, number, math.nan, row)
    for number, slopes in enumerate(derivatives.unflattened(gradient, layers)):
        a = derivatives.outputs_of(layers[number], x)
        behind = derivatives.gradient_of_inputs(layers[number + 1 :], loss, a, targets)
        seen = _Seen(number, layers[number], slopes, x, a, behind)
        _add_products(graph, names, seen)
        _add_sums(graph, names, seen)
        _add_activation(graph, names, seen)
        x = a
    _add_loss(graph, names, value, x, targets)
    return graph


def _add_products(graph: Graph, names: Names, seen: _Seen) -> None:
    """Add the weights, and x @ weights."""
    layer, inputs = seen.layer, names.inputs(seen.number)
    for row, column in np.ndindex(layer.weights.shape):
        gradient = seen.gradients.weights[row, column]
        graph.add(names.weight(seen.number, row, column), PARAMETER, layer.weights[row, column], gradient, row)
    values = derivatives.outputs_of(layer.products, seen.x)
    for unit, name in enumerate(names.products(seen.number)):
        weights = [names.weight(seen.number, row, unit) for row in range(len(inputs))]
        formula = " + ".join(f"{w}·{x}" for w, x in zip(weights, inputs, strict=True))
        graph.add(name, COMPUTED, values[unit], seen.gradients.biases[unit], unit, formula)
        found = derivatives.derivatives_of_unit(layer.products, seen.x, unit)
        graph.connect(inputs, name, found.inputs, weights)
        graph.connect(weights, name, found.weights[:, unit], inputs)


def _add_sums(graph: Graph, names: Names, seen: _Seen) -> None:
    """Add the biases, and x @ weights + biases."""
    layer, biases = seen.layer, names.biases(seen.number)
    for unit, name in enumerate(biases):
        graph.add(name, PARAMETER, layer.biases[unit], seen.gradients.biases[unit], unit)
    m, z = derivatives.outputs_of(layer.products, seen.x), derivatives.outputs_of(layer.sums, seen.x)
    adding = Layer.of(np.eye(len(m)), layer.biases)
    for unit, (name, product) in enumerate(zip(names.sums(seen.number), names.products(seen.number), strict=True)):
        graph.add(name, COMPUTED, z[unit], seen.gradients.biases[unit], unit, f"{product} + {biases[unit]}")
        found = derivatives.derivatives_of_unit(adding, m, unit)
        graph.connect([product, biases[unit]], name, [found.inputs[unit], found.biases[unit]])


def _add_activation(graph: Graph, names: Names, seen: _Seen) -> None:
    """Add what the activation learns, and what it gives; nothing for a linear one."""
    layer, learned, sums = seen.layer, names.learned(seen.number), names.sums(seen.number)
    if layer.is_linear:
        return
    for place, name in enumerate(learned):
        graph.add(name, PARAMETER, layer.learned[place], seen.gradients.learned[place], place)
    alone, z = Layer.activation_alone(layer), derivatives.outputs_of(layer.sums, seen.x)
    for unit, name in enumerate(names.outputs(seen.number)):
        places, slopes = list(layer.sources(unit)), layer.learned_by(unit)
        sources, of = [sums[place] for place in places], [learned[place] for place in slopes]
        formula = f"{layer.activation.name}({', '.join([*sources, *of])})"
        graph.add(name, COMPUTED, seen.a[unit], seen.gradient_of_a[unit], unit, formula)
        found = derivatives.derivatives_of_unit(alone, z, unit)
        graph.connect(sources, name, found.inputs[places])
        graph.connect(of, name, found.learned[slopes])


def _add_loss(graph: Graph, names: Names, value: float, outputs: np.ndarray, targets: np.ndarray) -> None:
    for row, (name, target) in enumerate(zip(names.targets, targets, strict=True)):
        graph.add(name, DATA, target, math.nan, row)
    given = names.outputs(len(names.layers) - 1)
    graph.add(LOSS, COMPUTED, value, 1.0, formula=names.loss_formula)
    graph.connect(given, LOSS, derivatives.gradient_of_inputs((), names.loss, outputs, targets))
    graph.connect(names.targets, LOSS, [math.nan] * len(targets))
