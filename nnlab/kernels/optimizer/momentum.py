"""Gradient descent with classical momentum: v <- m v + g, w <- w - rate v, as PyTorch's SGD(momentum=m).

Source: Polyak 1964; Sutskever et al. 2013 (who scale v by the rate).
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point

PARAMETERS = {
    "learning_rate": Parameter(0.05, number(0, open_low=True)),
    "momentum": Parameter(0.9, number(0, 1, open_high=True)),
}
SLOTS = 1
MOMENTUM = "momentum"


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step along the velocity."""
    r = parameters.dtype.type(rate)
    m = parameters.dtype.type(settings[1])
    velocity = state[0]
    for i in range(parameters.size):
        velocity[i] = m * velocity[i] + gradients[i]
        parameters[i] -= r * velocity[i]
