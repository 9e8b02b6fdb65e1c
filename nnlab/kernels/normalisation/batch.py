"""batch: x_hat = (x - mean) / sqrt(variance + epsilon) of each pre-activation, over the batch in training.

Elsewhere the mean and the variance are running means over the batches of training: r <- (1 - momentum) r + momentum b,
of the unbiased variance. A batch of one example has x_hat = 0 and leaves the running variance as it is.
Source: Ioffe and Szegedy 2015.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point, kernel, view
from nnlab.kernels.normalisation._gain import EPSILON, scale, start, sum_deltas
from nnlab.kernels.regions import copy, flat, source, source_delta, target, target_delta, vector
from nnlab.kernels.shape import Shape

__all__ = ["PARAMETERS", "backward", "forward", "shape", "start", "start_statistics"]

PARAMETERS = {"epsilon": EPSILON, "momentum": Parameter(0.1, number(0, 1))}

RUNNING_MEAN, RUNNING_VARIANCE = range(2)  # rows of the statistics, (2, width)
MEAN, INVERSE_DEVIATION = range(2)  # rows at the start of the scratch: those that forward has used


def shape(inputs, _settings, _width):
    """Return the sizes: output and delta lie beside those of x."""
    return Shape(inputs, vector=inputs, statistics=2 * inputs, scratch=2 * inputs)


def start_statistics(statistics, _settings):
    """Set the running mean to 0 and the running variance to 1."""
    statistics[:] = 0
    statistics.reshape(2, -1)[RUNNING_VARIANCE] = 1


@entry_point
def forward(operation, memory, rows, draw):
    """Write gain * x_hat (batch, width); leave x_hat in the source."""
    x = source(operation, memory, rows)
    mean, inverse = _used(operation, memory, rows, MEAN), _used(operation, memory, rows, INVERSE_DEVIATION)
    if draw.training:
        _measure(x, mean, inverse)
        _remember(operation, memory, rows, mean, inverse)
    else:
        copy(_running(operation, memory, RUNNING_MEAN), mean)
        copy(_running(operation, memory, RUNNING_VARIANCE), inverse)
    epsilon, one = x.dtype.type(operation.settings[0]), x.dtype.type(1)
    for j in range(mean.size):
        inverse[j] = one / math.sqrt(inverse[j] + epsilon)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] = (x[i, j] - mean[j]) * inverse[j]
    scale(x, vector(operation, memory.parameters, operation.inputs), target(operation, memory, rows))


@entry_point
def backward(operation, memory, rows, draw):
    """Scale the delta; in training, less what the mean and the variance take of it."""
    x_hat, delta = source(operation, memory, rows), source_delta(operation, memory, rows)
    copy(target_delta(operation, memory, rows), delta)
    gain_gradient = vector(operation, memory.gradients, operation.inputs)
    sum_deltas(delta, x_hat, gain_gradient)
    if draw.training:
        _center(delta, x_hat, gain_gradient, _used(operation, memory, rows, MEAN))
    gain = vector(operation, memory.parameters, operation.inputs)
    inverse = _used(operation, memory, rows, INVERSE_DEVIATION)
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            delta[i, j] *= gain[j] * inverse[j]


@view
def _running(operation, memory, number):
    """Return a row of the statistics, (width,)."""
    return flat(memory.statistics, operation.statistics + number * operation.inputs, operation.inputs)


@view
def _used(operation, memory, rows, number):
    """Return a row of the scratch, (width,)."""
    return flat(memory.values, operation.scratch * rows.batch + number * operation.inputs, operation.inputs)


@kernel
def _measure(x, mean, variance):
    """Write the mean and the variance over the batch, in two passes, so that a large mean takes no digits from it."""
    share = x.dtype.type(1.0 / x.shape[0])
    mean[:] = 0
    variance[:] = 0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            mean[j] += x[i, j]
    for j in range(mean.size):
        mean[j] *= share
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            difference = x[i, j] - mean[j]
            variance[j] += difference * difference
    for j in range(mean.size):
        variance[j] *= share


@kernel
def _remember(operation, memory, rows, mean, variance):
    """Move the running statistics towards those of the batch; one example has no unbiased variance."""
    running_mean = _running(operation, memory, RUNNING_MEAN)
    running_variance = _running(operation, memory, RUNNING_VARIANCE)
    step = mean.dtype.type(operation.settings[1])
    unbiased = mean.dtype.type(rows.size / max(rows.size - 1, 1))
    for j in range(mean.size):
        running_mean[j] += step * (mean[j] - running_mean[j])
    if rows.size > 1:
        for j in range(mean.size):
            running_variance[j] += step * (unbiased * variance[j] - running_variance[j])


@kernel
def _center(delta, x_hat, sum_of_products, sums):
    """Make the deltas uncorrelated with 1 and with x_hat over the batch; `sums` (width,) is room for their sums."""
    share = delta.dtype.type(1.0 / delta.shape[0])
    sums[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            sums[j] += delta[i, j]
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            delta[i, j] -= share * (sums[j] + x_hat[i, j] * sum_of_products[j])
