"""softmax(y)_k = exp(y_k) / sum_j exp(y_j), for the outputs of one example. Source: Bridle 1990."""

from __future__ import annotations

from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp


@kernel
def largest(values):
    """Return the largest value, or NaN if there is one."""
    top = values[0]
    for k in range(1, values.size):
        if values[k] > top or values[k] != values[k]:
            top = values[k]
    return top


@kernel
def softmax(values, probabilities, top):
    """Write the softmax of `values`, of which `top` is the largest; return the sum of exp(value - top)."""
    mass = values.dtype.type(0)
    for k in range(values.size):
        probabilities[k] = exp(values[k] - top)
        mass += probabilities[k]
    for k in range(values.size):
        probabilities[k] /= mass
    return mass
