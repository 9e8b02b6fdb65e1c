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
    return Shape(inputs + width)


@entry_point
def forward(operation, memory, batch, draw):  # noqa: ARG001
    """Write both sources beside each other, (batch, width of skip + width of x)."""
    x, y = source(operation, memory, batch), target(operation, memory, batch)
    past = skip(operation, memory, batch, operation.outputs - operation.inputs)
    for i in range(batch):
        y[i, : past.shape[1]] = past[i]
        y[i, past.shape[1] :] = x[i]


@entry_point
def backward(operation, memory, batch, draw):  # noqa: ARG001
    """Cut the delta in two."""
    delta, passed = target_delta(operation, memory, batch), source_delta(operation, memory, batch)
    width = operation.outputs - operation.inputs
    for i in range(batch):
        passed[i] = delta[i, width:]
    if operation.skip_delta != NOWHERE:
        past = skip_delta(operation, memory, batch, width)
        for i in range(batch):
            past[i] = delta[i, :width]
