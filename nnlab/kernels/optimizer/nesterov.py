"""Nesterov's momentum: v <- m v + g, w <- w - rate (g + m v), as PyTorch's SGD(momentum=m, nesterov=True).

Source: Nesterov 1983; Sutskever et al. 2013.
"""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point
from nnlab.kernels.optimizer.momentum import MOMENTUM, PARAMETERS

__all__ = ["MOMENTUM", "PARAMETERS", "SLOTS", "update"]

SLOTS = 1


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step along the velocity as it will be."""
    r = parameters.dtype.type(rate)
    m = parameters.dtype.type(settings[1])
    velocity = state[0]
    for i in range(parameters.size):
        velocity[i] = m * velocity[i] + gradients[i]
        parameters[i] -= r * (gradients[i] + m * velocity[i])
