"""maxout(z)_j = max over the pieces z_(j,1) ... z_(j,pieces) of unit j.

The pieces of unit j are the neighbouring pre-activations j * pieces ... (j + 1) * pieces - 1. Where several pieces are
equal, the gradient goes to the first. Source: Goodfellow et al. 2013.
"""

from __future__ import annotations

from nnlab.checks import Parameter, whole
from nnlab.kernels.activation._biases import gradients
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regions import source, source_delta, target, target_delta, vector
from nnlab.kernels.shape import Shape

__all__ = ["PARAMETERS", "backward", "forward", "gradients", "shape"]

PARAMETERS = {"pieces": Parameter(2, whole(at_least=2))}


def shape(inputs, settings, _width):
    """Return the sizes: each unit has one output of its several pre-activations."""
    return Shape(inputs // settings["pieces"], vector=inputs, by_rows=True)


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Add the biases to the source (batch, units * pieces) and write each unit's largest piece."""
    z, a = source(operation, memory, rows), target(operation, memory, rows)
    bias = vector(operation, memory.parameters, operation.inputs)
    pieces = operation.inputs // operation.outputs
    for i in range(a.shape[0]):
        for j in range(z.shape[1]):
            z[i, j] += bias[j]
        for j in range(a.shape[1]):
            a[i, j] = z[i, _largest(z[i], j * pieces, pieces)]


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Pass each unit's delta to its largest piece alone."""
    z, delta = source(operation, memory, rows), target_delta(operation, memory, rows)
    pre_delta = source_delta(operation, memory, rows)
    pieces = operation.inputs // operation.outputs
    pre_delta[:] = 0
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            largest = _largest(z[i], j * pieces, pieces)
            pre_delta[i, largest] = delta[i, j]


@kernel
def _largest(z, start, pieces):
    """Return the index of the largest of some neighbours; NaN counts as largest, so that divergence is seen."""
    largest = start
    for k in range(start + 1, start + pieces):
        if z[k] > z[largest] or z[k] != z[k]:
            largest = k
    return largest
