"""dropconnect(x) = x (W * factors): each weight is kept with probability keep = 1 - rate, else taken as 0, in training.

The factors are 0 or 1 / keep, drawn anew in each step, and the same for all examples of a batch; elsewhere they are 1,
their mean. Backward: dW = (x.T dz) * factors and dx = dz (W * factors).T. Source: Wan et al. 2013.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point, kernel, view
from nnlab.kernels.noise._bernoulli import fill_bernoulli
from nnlab.kernels.noise._words import DROPCONNECT, address
from nnlab.kernels.products import multiply
from nnlab.kernels.regions import in_a_row, matrix, source, source_delta, target, target_delta, weights
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE

PARAMETERS = {"rate": Parameter(0.5, number(0, 1, open_high=True))}


def shape(inputs, _settings, width):
    """Return the sizes: those of the weights, and room for a copy of them."""
    return Shape(width, weights=inputs * width, masked=inputs * width)


@entry_point
def forward(operation, memory, rows, draw):
    """Multiply the source (batch, inputs) with the weights (inputs, outputs) that are kept."""
    x, z = source(operation, memory, rows), target(operation, memory, rows)
    w = _factors(operation, memory, draw)
    _scale(w, weights(operation, memory.parameters))
    multiply(x, w, z, memory)


@entry_point
def backward(operation, memory, rows, draw):
    """Write the gradient of the weights, and d loss / d source where it is wanted.

    The factors are drawn again: other layers have used their place meanwhile.
    """
    x, delta = source(operation, memory, rows), target_delta(operation, memory, rows)
    gradient = weights(operation, memory.gradients)
    multiply(x.T, delta, gradient, memory)
    w = _factors(operation, memory, draw)
    _scale(gradient, w)
    if operation.source_delta != NOWHERE:
        _scale(w, weights(operation, memory.parameters))
        multiply(delta, w.T, source_delta(operation, memory, rows), memory)


@view
def _factors(operation, memory, draw):
    """Write what each weight is multiplied with, (inputs, outputs), to the room for masked weights."""
    factors = matrix(memory.masked, 0, operation.inputs, operation.outputs)
    if draw.random:
        keep = 1.0 - operation.settings[0]
        fill_bernoulli(in_a_row(factors), keep, 1.0 / keep, draw, address(operation.number, DROPCONNECT))
    else:
        factors[:] = 1
    return factors


@kernel
def _scale(a, b):
    """Multiply a with b, element by element, in place."""
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] *= b[i, j]
