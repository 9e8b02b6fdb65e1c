"""RMSProp: s <- alpha s + (1 - alpha) g^2, w <- w - rate g / (sqrt(s) + epsilon).

Source: Hinton's lecture 6e, 2012; defaults of PyTorch.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point

PARAMETERS = {
    "learning_rate": Parameter(0.01, number(0, open_low=True)),
    "alpha": Parameter(0.99, number(0, 1, open_high=True)),
    "epsilon": Parameter(1e-8, number(0, open_low=True)),
}
SLOTS = 1


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step, divided by the root of the running mean of squared gradients."""
    number_type = parameters.dtype.type
    r, epsilon = number_type(rate), number_type(settings[2])
    alpha, rest = number_type(settings[1]), number_type(1.0 - settings[1])
    mean = state[0]
    for i in range(parameters.size):
        g = gradients[i]
        mean[i] = alpha * mean[i] + rest * (g * g)
        parameters[i] -= r * g / (math.sqrt(mean[i]) + epsilon)
