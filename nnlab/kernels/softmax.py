"""softmax(y)_k = exp(y_k) / sum_j exp(y_j), for the outputs of one example. Source: Bridle 1990."""

from __future__ import annotations

from nnlab.kernels.compilation import inlined, kernel
from nnlab.kernels.elementary import exp
from nnlab.kernels.regions import in_a_row, part


@inlined
def largest(values):
    """Return the largest value, or NaN if there is one."""
    top = values[0]
    for k in range(1, values.size):
        value = values[k]
        is_larger = (value > top) | (value != value)  # noqa: PLR0124 - NaN is
        top = value if is_larger else top
    return top


@kernel
def powers_of_batch(outputs, powers, heads):
    """Write exp(y - top) for a batch (batch, outputs), where top is the largest y of an example's head.

    In one loop over all, which becomes vector code: a row alone is too short for it.
    """
    for i in range(outputs.shape[0]):
        for head in range(heads.size - 1):
            y, power = part(outputs, i, heads[head], heads[head + 1]), part(powers, i, heads[head], heads[head + 1])
            top = largest(y)
            for k in range(y.size):
                power[k] = y[k] - top
    every = in_a_row(powers)
    for k in range(every.size):
        every[k] = exp(every[k])


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
