"""Clipping by value: g <- min(max(g, -setting), setting) for every gradient, as PyTorch's clip_grad_value_.

Source: Mikolov 2012.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number, optional
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import flat

SETTING = Parameter(None, optional(number(0, open_low=True)))
STAGE = "clipping"


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Bound all gradients; no comparison holds for NaN, so it stays."""
    gradients = flat(memory.gradients, 0, size)
    limit = gradients.dtype.type(setting)
    for i in range(size):
        g = gradients[i]
        if g > limit:
            g = limit
        elif g < -limit:
            g = -limit
        gradients[i] = g
