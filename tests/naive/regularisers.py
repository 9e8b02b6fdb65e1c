"""Each regulariser on the parameters and gradients of a network, both given as layers: slow, obvious references."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from naive.types import Vector

Layers = Sequence[Any]  # with weights (inputs, outputs) and biases, lists of numbers


# Every regulariser changes parameters or gradients in place, given the rate of the step and its setting.
def l1(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Add the gradient of setting * sum |w|."""
    _add_to_weight_gradients(parameters, gradients, lambda w: setting * ((w > 0) - (w < 0)))


def l2(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Add the gradient of setting / 2 * sum w^2."""
    _add_to_weight_gradients(parameters, gradients, lambda w: setting * w)


def clip_value(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Bound every gradient."""
    for row in _rows(gradients):
        row[:] = [min(max(g, -setting), setting) for g in row]


def clip_norm(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Bound the norm of each layer's weight gradient, and of its bias gradient."""
    for layer in gradients:
        _scale(layer.weights, min(1, setting / _norm(layer.weights)))
        _scale([layer.biases], min(1, setting / _norm([layer.biases])))


def clip_global_norm(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Bound the norm of all gradients together."""
    _scale(_rows(gradients), min(1, setting / (_norm(_rows(gradients)) + 1e-6)))


def weight_decay(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Let the weights decay."""
    for layer in parameters:
        _scale(layer.weights, 1 - rate * setting)


def max_norm(parameters: Layers, gradients: Layers, rate: float, setting: float) -> None:
    """Bound the norm of each column of weights."""
    for layer in parameters:
        for j in range(len(layer.biases)):
            norm = math.sqrt(sum(row[j] ** 2 for row in layer.weights))
            for row in layer.weights:
                row[j] *= min(1, setting / norm)


def _add_to_weight_gradients(parameters: Layers, gradients: Layers, slope: Any) -> None:
    for layer, gradient in zip(parameters, gradients, strict=True):
        for weights, row in zip(layer.weights, gradient.weights, strict=True):
            row[:] = [g + slope(w) for g, w in zip(row, weights, strict=True)]


def _rows(layers: Layers) -> list[Vector]:
    return [row for layer in layers for row in (*layer.weights, layer.biases)]


def _norm(rows: list[Vector]) -> float:
    return math.sqrt(sum(x * x for row in rows for x in row))


def _scale(rows: list[Vector], factor: float) -> None:
    for row in rows:
        row[:] = [x * factor for x in row]


BEFORE = {  # in the order in which they act
    "l1": l1,
    "l2": l2,
    "clip_global_norm": clip_global_norm,
    "clip_norm": clip_norm,
    "clip_value": clip_value,
    "weight_decay": weight_decay,
}
AFTER = {"max_norm": max_norm}
