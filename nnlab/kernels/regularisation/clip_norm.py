"""Clipping by norm, part by part: g <- g * min(1, setting / |g|), as TensorFlow's clip_by_norm.

A part is the weights of one layer, its biases, or another vector that one operation learns; |g| is its norm.
Source: Pascanu, Mikolov and Bengio 2013, for each part alone.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number, optional
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regions import flat
from nnlab.kernels.regularisation._norm import norm, shrink
from nnlab.kernels.regularisation._parts import vector_count, weight_count

SETTING = Parameter(None, optional(number(0, open_low=True)))
STAGE = "clipping"


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Shorten the gradient of each operation's weights, and of its vector."""
    for k in range(operations.size):
        _clip(flat(memory.gradients, operations[k].weights, weight_count(operations, k, memory)), setting)
        _clip(flat(memory.gradients, operations[k].vector, vector_count(operations, k, size)), setting)


@kernel
def _clip(gradients, setting):
    length = norm(gradients)
    if not length <= setting:
        shrink(gradients, setting / length)
