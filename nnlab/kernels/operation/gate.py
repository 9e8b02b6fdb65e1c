"""gate(h, skip, t) = T h + (1 - T) skip with T = sigmoid(t + bias): where a highway layer ends.

The bias, one per unit, is learned; negative, it lets most pass by at first. Source: Srivastava et al. 2015.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.logistic import logistic
from nnlab.kernels.regions import (
    gate,
    gate_delta,
    skip,
    skip_delta,
    source,
    source_delta,
    target,
    target_delta,
    vector,
)
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE

PARAMETERS = {"bias": Parameter(-2.0, number())}
BIASES = True  # that a network lists among those of its layers


def shape(inputs, _settings, _width):
    """Return the sizes: the target lies beside the source, whose activation may need it, and so do their deltas."""
    return Shape(inputs, vector=inputs)


def start(vector, settings):
    """Set the bias."""
    vector[:] = settings["bias"]


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Write the mixture, (batch, width); leave T where t was."""
    h, past, t = _sources(operation, memory, rows)
    y, bias = target(operation, memory, rows), vector(operation, memory.parameters, operation.inputs)
    one = t.dtype.type(1)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            share = logistic(t[i, j] + bias[j])
            t[i, j] = share
            y[i, j] = share * h[i, j] + (one - share) * past[i, j]


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Give each of the three sources its part of the delta."""
    h, past, t = _sources(operation, memory, rows)
    delta, t_delta = target_delta(operation, memory, rows), gate_delta(operation, memory, rows)
    h_delta = source_delta(operation, memory, rows)
    bias_gradient = vector(operation, memory.gradients, operation.inputs)
    one = t.dtype.type(1)
    if operation.skip_delta != NOWHERE:
        _pass_by(skip_delta(operation, memory, rows, operation.inputs), delta, t)
    bias_gradient[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            t_delta[i, j] = delta[i, j] * (h[i, j] - past[i, j]) * t[i, j] * (one - t[i, j])
            bias_gradient[j] += t_delta[i, j]
            h_delta[i, j] = delta[i, j] * t[i, j]


@kernel
def _sources(operation, memory, rows):
    """Return h, skip and t, all (batch, width)."""
    past = skip(operation, memory, rows, operation.inputs)
    return source(operation, memory, rows), past, gate(operation, memory, rows)


@kernel
def _pass_by(past_delta, delta, t):
    """Write (1 - T) delta."""
    one = t.dtype.type(1)
    for i in range(t.shape[0]):
        for j in range(t.shape[1]):
            past_delta[i, j] = (one - t[i, j]) * delta[i, j]
