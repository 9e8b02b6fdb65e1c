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
    return Shape(width, weights=inputs * width)


@entry_point
def forward(operation, memory, batch, draw):  # noqa: ARG001
    """Multiply the source (batch, inputs) with the weights (inputs, outputs)."""
    x, z = source(operation, memory, batch), target(operation, memory, batch)
    multiply(x, weights(operation, memory.parameters), z, memory)


@entry_point
def backward(operation, memory, batch, draw):  # noqa: ARG001
    """Write the gradient of the weights, and d loss / d source where it is wanted."""
    delta = target_delta(operation, memory, batch)
    x = source(operation, memory, batch)
    multiply(x.T, delta, weights(operation, memory.gradients), memory)
    if operation.source_delta != NOWHERE:
        w = weights(operation, memory.parameters)
        multiply(delta, w.T, source_delta(operation, memory, batch), memory)
