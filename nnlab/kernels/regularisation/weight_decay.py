"""Decoupled weight decay: w <- (1 - rate * setting) w for all weights, before each update.

With the optimizer adam it gives PyTorch's AdamW, but for biases. Source: Loshchilov and Hutter 2019.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number, optional
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import flat

SETTING = Parameter(None, optional(number(0)))
STAGE = "decay"


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Let the weights decay by one step."""
    weights = flat(memory.parameters, 0, memory.weights)
    kept = weights.dtype.type(1.0 - rate * setting)
    for i in range(weights.size):
        weights[i] *= kept
