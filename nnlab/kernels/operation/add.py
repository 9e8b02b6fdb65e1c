"""add(x, skip) = x + skip: where a residual block ends. Source: He et al. 2016."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import copy, skip, skip_delta, source, target, target_delta
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE

PARAMETERS: dict[str, Parameter] = {}


def shape(inputs, _settings, _width):
    """Return the sizes: the sum lies beside the source, whose activation may need it; their deltas are equal."""
    return Shape(inputs, delta_in_place=True, by_rows=True)


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Write the sum, (batch, width)."""
    x, y = source(operation, memory, rows), target(operation, memory, rows)
    past = skip(operation, memory, rows, operation.inputs)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = x[i, j] + past[i, j]


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Copy the delta to the path past the block."""
    if operation.skip_delta != NOWHERE:
        copy(target_delta(operation, memory, rows), skip_delta(operation, memory, rows, operation.inputs))
