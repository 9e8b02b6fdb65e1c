"""Adagrad: s <- s + g^2, w <- w - rate g / (sqrt(s) + epsilon): rates fall where gradients have been large.

Source: Duchi, Hazan and Singer 2011; defaults of PyTorch.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point

PARAMETERS = {
    "learning_rate": Parameter(0.01, number(0, open_low=True)),
    "epsilon": Parameter(1e-10, number(0, open_low=True)),
}
SLOTS = 1


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step, divided by the root of the sum of all squared gradients."""
    r = parameters.dtype.type(rate)
    epsilon = parameters.dtype.type(settings[1])
    total = state[0]
    for i in range(parameters.size):
        g = gradients[i]
        total[i] += g * g
        parameters[i] -= r * g / (math.sqrt(total[i]) + epsilon)
