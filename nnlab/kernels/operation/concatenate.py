"""concatenate(x, skip) = [skip | x]: what came past a block stands before its outputs. Source: Huang et al. 2017."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import skip, skip_delta, source, source_delta, target, target_delta
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE

PARAMETERS: dict[str, Parameter] = {}


def shape(inputs, _settings, width):
    """Return the sizes: the target is as wide as both sources."""
    return Shape(inputs + width, by_rows=True)


@entry_point
def forward(operation, memory, rows, draw):  # noqa: ARG001
    """Write both sources beside each other, (batch, width of skip + width of x)."""
    x, y = source(operation, memory, rows), target(operation, memory, rows)
    past = skip(operation, memory, rows, operation.outputs - operation.inputs)
    for i in range(rows.size):
        for j in range(past.shape[1]):
            y[i, j] = past[i, j]
        for j in range(x.shape[1]):
            y[i, past.shape[1] + j] = x[i, j]


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Cut the delta in two."""
    delta, passed = target_delta(operation, memory, rows), source_delta(operation, memory, rows)
    width = operation.outputs - operation.inputs
    for i in range(rows.size):
        for j in range(passed.shape[1]):
            passed[i, j] = delta[i, width + j]
    if operation.skip_delta != NOWHERE:
        past = skip_delta(operation, memory, rows, width)
        for i in range(rows.size):
            for j in range(width):
                past[i, j] = delta[i, j]
