"""softmax(z)_k = exp(z_k) / sum_j exp(z_j) over all units of a layer, which so share a sum of 1.

Backward: d loss / d z_k = a_k (delta_k - sum_j delta_j a_j). The loss softmax_cross_entropy has a softmax of its own
and takes linear outputs. Source: Bridle 1990.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._biases import gradients
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import source, target, target_delta, vector
from nnlab.kernels.shape import Shape
from nnlab.kernels.softmax import largest
from nnlab.kernels.softmax import softmax as normalise

__all__ = ["PARAMETERS", "backward", "forward", "gradients", "shape"]

PARAMETERS: dict[str, Parameter] = {}


def shape(inputs, _settings, _width):
    """Return the sizes: one bias per unit."""
    return Shape(inputs, delta_in_place=True, vector=inputs, by_rows=True)


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Add the biases to the source (batch, units) and write the softmax of each row."""
    z, a = source(operation, memory, rows), target(operation, memory, rows)
    bias = vector(operation, memory.parameters, operation.inputs)
    for i in range(a.shape[0]):
        for j in range(z.shape[1]):
            z[i, j] += bias[j]
        normalise(z[i], a[i], largest(z[i]))


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Multiply each row of deltas with the Jacobian of the softmax."""
    a, delta = target(operation, memory, rows), target_delta(operation, memory, rows)
    for i in range(a.shape[0]):
        mean = a.dtype.type(0)
        for j in range(a.shape[1]):
            mean += a[i, j] * delta[i, j]
        for j in range(a.shape[1]):
            delta[i, j] = a[i, j] * (delta[i, j] - mean)
