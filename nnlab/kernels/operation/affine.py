"""affine(x) = x W: the weights of a layer; its biases belong to the activation that follows.

Backward: dW = x.T dz and dx = dz W.T.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.products import multiply
from nnlab.kernels.regions import source, source_delta, target, target_delta, weights
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE

PARAMETERS: dict[str, Parameter] = {}


def shape(inputs, _settings, width):
    """Return the sizes: one weight for each pair of an input and a pre-activation."""
    return Shape(width, weights=inputs * width, by_rows=True)


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Multiply the source (batch, inputs) with the weights (inputs, outputs)."""
    x, z = source(operation, memory, rows), target(operation, memory, rows)
    multiply(x, weights(operation, memory.parameters), z, memory)


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Write d loss / d source where it is wanted."""
    if operation.source_delta != NOWHERE:
        delta, w = target_delta(operation, memory, rows), weights(operation, memory.parameters)
        multiply(delta, w.T, source_delta(operation, memory, rows), memory)


@entry_point
def gradients(operation, memory, rows, first, last):
    """Write the gradient of some rows of the weights, (last - first, outputs)."""
    x, delta = source(operation, memory, rows), target_delta(operation, memory, rows)
    gradient = weights(operation, memory.gradients)
    multiply(x[:, first:last].T, delta, gradient[first:last], memory)
