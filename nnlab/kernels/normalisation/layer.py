"""layer: x_hat = (x - mean) / sqrt(variance + epsilon) of each example, over the pre-activations of the layer.

The same in training and elsewhere. Source: Ba, Kiros and Hinton 2016.
"""

from __future__ import annotations

import math

from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.normalisation._gain import EPSILON, scale, start, sum_deltas
from nnlab.kernels.regions import copy, in_a_row, scratch, source, source_delta, target, target_delta, vector
from nnlab.kernels.shape import Shape

__all__ = ["PARAMETERS", "backward", "forward", "shape", "start"]

PARAMETERS = {"epsilon": EPSILON}


def shape(inputs, _settings, _width):
    """Return the sizes: output and delta lie beside those of x, and each example leaves 1 / its standard deviation."""
    return Shape(inputs, vector=inputs, scratch=1)


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Write gain * x_hat (batch, width); leave x_hat in the source."""
    x, inverse = source(operation, memory, rows), in_a_row(scratch(operation, memory, rows, 1))
    epsilon = x.dtype.type(operation.settings[0])
    for i in range(rows.size):
        inverse[i] = _normalise(x[i], epsilon)
    scale(x, vector(operation, memory.parameters, operation.inputs), target(operation, memory, rows))


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Turn d loss / d target into d loss / d x."""
    x_hat, delta = source(operation, memory, rows), source_delta(operation, memory, rows)
    copy(target_delta(operation, memory, rows), delta)
    sum_deltas(delta, x_hat, vector(operation, memory.gradients, operation.inputs))
    gain = vector(operation, memory.parameters, operation.inputs)
    inverse = in_a_row(scratch(operation, memory, rows, 1))
    for i in range(rows.size):
        _center(delta[i], x_hat[i], gain, inverse[i])


@kernel
def _normalise(x, epsilon):
    """Shift and scale one example, in place; return 1 / its standard deviation."""
    share, mean, variance = x.dtype.type(1.0 / x.size), x.dtype.type(0), x.dtype.type(0)
    for j in range(x.size):
        mean += x[j]
    mean *= share
    for j in range(x.size):
        difference = x[j] - mean
        variance += difference * difference
    inverse = x.dtype.type(1) / x.dtype.type(math.sqrt(variance * share + epsilon))
    for j in range(x.size):
        x[j] = (x[j] - mean) * inverse
    return inverse


@kernel
def _center(delta, x_hat, gain, inverse):
    """Scale one example's delta, less what the mean and the variance take of it."""
    share, total, products = delta.dtype.type(1.0 / delta.size), delta.dtype.type(0), delta.dtype.type(0)
    for j in range(delta.size):
        delta[j] *= gain[j]
        total += delta[j]
        products += delta[j] * x_hat[j]
    for j in range(delta.size):
        delta[j] = inverse * (delta[j] - share * (total + x_hat[j] * products))
