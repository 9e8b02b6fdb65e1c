"""Clipping by the global norm: g <- g * min(1, setting / (|g| + 1e-6)), with |g| the norm of all gradients together.

As PyTorch's clip_grad_norm_. Source: Pascanu, Mikolov and Bengio 2013, algorithm 1.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number, optional
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import flat
from nnlab.kernels.regularisation._norm import norm, shrink

SETTING = Parameter(None, optional(number(0, open_low=True)))
STAGE = "clipping"
_EPSILON = 1e-6  # PyTorch's


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Shorten the gradient; its direction stays."""
    gradients = flat(memory.gradients, 0, size)
    shrink(gradients, setting / (norm(gradients) + _EPSILON))
