"""Cross-entropy of softmax outputs: loss = -sum_k t_k log p_k with p = softmax(y), in nats.

y are the network's outputs (logits) and t the target distribution, one-hot for classes. The gradient with respect to y
is p sum_k t_k - t. Computed from y - max(y), so that nothing overflows.
Source: Bridle 1990; Goodfellow et al. 2016, section 6.2.2.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("classification",)


@kernel
def loss(outputs, targets, delta, _):
    """Return the summed loss; write the gradient of the mean loss to delta; all arrays are (batch, classes)."""
    total = 0.0
    share = outputs.dtype.type(1.0 / outputs.shape[0])
    for i in range(outputs.shape[0]):
        largest = _largest(outputs[i])
        mass = _softmax(outputs[i], delta[i], largest)
        weight = outputs.dtype.type(0)
        for k in range(outputs.shape[1]):
            weight += targets[i, k]
            total += float(targets[i, k]) * (math.log(mass) - (outputs[i, k] - largest))
        for k in range(outputs.shape[1]):
            delta[i, k] = (delta[i, k] * weight - targets[i, k]) * share
    return total


@kernel
def link(outputs):
    """Turn logits (batch, classes) into probabilities in place."""
    for i in range(outputs.shape[0]):
        _softmax(outputs[i], outputs[i], _largest(outputs[i]))


@kernel
def _largest(values):
    """Return the largest value, or NaN if there is one."""
    largest = values[0]
    for k in range(1, values.size):
        if values[k] > largest or values[k] != values[k]:
            largest = values[k]
    return largest


@kernel
def _softmax(values, probabilities, largest):
    """Write the softmax of `values`; return the sum of exp(value - largest)."""
    mass = values.dtype.type(0)
    for k in range(values.size):
        probabilities[k] = exp(values[k] - largest)
        mass += probabilities[k]
    for k in range(values.size):
        probabilities[k] /= mass
    return mass
