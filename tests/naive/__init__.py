"""Slow, obvious references for every kernel: loops over Python numbers that share nothing with nnlab.

Matrices are lists of rows. Weights are (inputs, units * pieces); the pieces of a unit lie side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from naive.activations import activation, d_activation
from naive.losses import LOSSES, right_answers, softmax, squared_error
from naive.optimizers import OPTIMIZERS
from naive.random import bernoulli, normal, philox
from naive.types import Matrix, Vector

__all__ = ["LOSSES", "OPTIMIZERS", "activation", "bernoulli", "d_activation", "normal", "philox", "softmax"]


@dataclass
class Layer:
    """activations = f(sources @ weights + biases), where sources = inputs * mask."""

    weights: Matrix
    biases: Vector
    activation: str = "linear"
    settings: dict[str, Any] = field(default_factory=dict)
    keep: float = 1.0
    inverted: bool = True
    learned: Vector = field(default_factory=list)  # by the activation


@dataclass
class Trace:
    """What one layer saw and gave for a batch; a row per example."""

    masks: Matrix
    sources: Matrix
    z: Matrix
    activations: Matrix


def forward(layers: Sequence[Layer], inputs: Matrix, masks: Sequence[Matrix]) -> list[Trace]:
    """Return what each layer saw and gave; the last activations are the outputs."""
    traces = []
    for layer, mask in zip(layers, masks, strict=True):
        sources = [[x * m for x, m in zip(*rows, strict=True)] for rows in zip(inputs, mask, strict=True)]
        z = [affine(layer, row) for row in sources]
        inputs = [activation(layer.activation, layer.settings, row, layer.learned) for row in z]
        traces.append(Trace(mask, sources, z, inputs))
    return traces


def affine(layer: Layer, source: Vector) -> Vector:
    """Return one example's pre-activations, source @ weights + biases."""
    z = list(layer.biases)
    for i, x in enumerate(source):
        for j in range(len(z)):
            z[j] += x * layer.weights[i][j]
    return z


def backward(layers: Sequence[Layer], traces: Sequence[Trace], delta: Matrix) -> Vector:
    """From d loss / d outputs return all gradients, in the order of `flat_parameters`."""
    gradient: Vector = []
    vectors: Vector = []
    for layer, trace in zip(reversed(layers), reversed(traces), strict=True):
        pairs = zip(trace.z, delta, strict=True)
        both = [d_activation(layer.activation, layer.settings, z, layer.learned, d) for z, d in pairs]
        dz, d_learned = [list(rows) for rows in zip(*both, strict=True)]
        vectors = column_sums(dz) + column_sums(d_learned) + vectors
        gradient = weight_gradient(trace.sources, dz) + gradient
        delta = [d_inputs(layer, *rows) for rows in zip(dz, trace.masks, strict=True)]
    return gradient + vectors


def d_inputs(layer: Layer, dz: Vector, mask: Vector) -> Vector:
    """Return d loss / d inputs of one example, (dz @ weights.T) * mask."""
    rows = zip(mask, layer.weights, strict=True)
    return [m * sum(d * w for d, w in zip(dz, weights, strict=True)) for m, weights in rows]


def column_sums(rows: Matrix) -> Vector:
    """Return the sum of each column."""
    return [sum(column) for column in zip(*rows, strict=True)]


def product(a: Matrix, b: Matrix) -> Matrix:
    """Return a @ b."""
    columns = range(len(b[0]))
    return [[sum(x * b[k][j] for k, x in enumerate(row)) for j in columns] for row in a]


def weight_gradient(sources: Matrix, dz: Matrix) -> Vector:
    """Return sources.T @ dz, row by row."""
    return [w for row in product([list(column) for column in zip(*sources, strict=True)], dz) for w in row]


def training_masks(layers: Sequence[Layer], batch: int, key: Sequence[int], epoch: int, step: int) -> list[Matrix]:
    """Return each layer's factors (batch, inputs) for one step of training."""
    masks = []
    for number, layer in enumerate(layers):
        inputs, scale = len(layer.weights), 1 / layer.keep if layer.inverted else 1.0
        flat = bernoulli(batch * inputs, layer.keep, scale, key, (step, epoch, number))
        masks.append([flat[row * inputs : (row + 1) * inputs] for row in range(batch)])
    return masks


def evaluation_masks(layers: Sequence[Layer], batch: int) -> list[Matrix]:
    """Return each layer's factors (batch, inputs) when nothing is dropped."""
    return [[[1.0 if layer.inverted else layer.keep] * len(layer.weights)] * batch for layer in layers]


def flat_parameters(layers: Sequence[Layer]) -> Vector:
    """Return all parameters: all weights, row by row and layer by layer, then each layer's biases and what else."""
    return [w for row in rows_of(layers) for w in row]


def rows_of(layers: Sequence[Layer]) -> Matrix:
    """Return the lists that hold the parameters, in their order."""
    vectors = [vector for layer in layers for vector in (layer.biases, layer.learned)]
    return [*(row for layer in layers for row in layer.weights), *vectors]


def assign(layers: Sequence[Layer], parameters: Vector) -> None:
    """Put a flat vector of parameters into the layers."""
    rest = iter(parameters)
    for row in rows_of(layers):
        row[:] = [next(rest) for _ in row]


def scaled(table: Any, rows: Sequence[int], shift: Any, scale: Any) -> Matrix:
    """Return (table[rows] - shift) * scale."""
    columns = range(len(shift))
    return [[(float(table[r][j]) - float(shift[j])) * float(scale[j]) for j in columns] for r in rows]


@dataclass
class Training:
    """A network in training; `state` has one list of slots per parameter."""

    layers: list[Layer]
    loss: str
    loss_settings: dict[str, Any]
    classification: bool
    optimizer: str
    settings: Vector
    slots: int
    batch_size: int
    key: tuple[int, int]
    state: Matrix = field(default_factory=list)

    def epoch(self, examples: Any, order: Sequence[int], rates: Vector, epoch: int) -> tuple[float, float, int]:
        """Train one epoch, counted from 0; return the summed loss, the summed score, the examples seen."""
        self.state = self.state or [[0.0] * self.slots for _ in flat_parameters(self.layers)]
        losses, scores = 0.0, 0.0
        for step, rate in enumerate(rates):
            chosen = order[step * self.batch_size : (step + 1) * self.batch_size]
            masks = training_masks(self.layers, len(chosen), self.key, epoch, step)
            loss, score, gradient = self.measure(examples, chosen, masks)
            self.update(gradient, rate, epoch * len(rates) + step + 1)
            losses, scores = losses + loss, scores + score
        return losses, scores, len(order)

    def measure(self, examples: Any, chosen: Sequence[int], masks: Sequence[Matrix]) -> tuple[float, float, Vector]:
        """Return the summed loss and score of some examples, and the gradient of their mean loss."""
        inputs = scaled(examples.inputs, chosen, examples.input_shift, examples.input_scale)
        targets = scaled(examples.targets, chosen, examples.target_shift, examples.target_scale)
        traces = forward(self.layers, inputs, masks)
        outputs = traces[-1].activations
        loss, delta = LOSSES[self.loss](outputs, targets, **self.loss_settings)
        score = right_answers if self.classification else squared_error
        return loss, score(outputs, targets), backward(self.layers, traces, delta)

    def update(self, gradient: Vector, rate: float, step: int) -> None:
        """Take one step of the optimizer, counted from 1."""
        parameters = flat_parameters(self.layers)
        for i, (w, g) in enumerate(zip(parameters, gradient, strict=True)):
            rule = OPTIMIZERS[self.optimizer]
            parameters[i], self.state[i] = rule(w, g, self.state[i], rate, step, self.settings)
        assign(self.layers, parameters)
