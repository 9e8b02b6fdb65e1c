"""fork(x) = (x, x): where a path past a block begins. Backward adds what came back along it."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import skip_delta, target_delta
from nnlab.kernels.shape import Shape

PARAMETERS: dict[str, Parameter] = {}


def shape(inputs, _settings, _width):
    """Return the sizes: both paths read the same values."""
    return Shape(inputs, in_place=True, by_rows=True)


@entry_point
def forward(operation, memory, rows, draw):
    """Leave the values as they are."""


@entry_point
def backward(operation, memory, rows, draw):  # noqa: ARG001
    """Add the delta of the path past the block to that of the block."""
    delta, past = target_delta(operation, memory, rows), skip_delta(operation, memory, rows, operation.inputs)
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            delta[i, j] += past[i, j]
