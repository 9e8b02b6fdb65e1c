"""Adadelta: steps in the unit of the parameters, from running means of squared gradients and of squared steps.

s <- rho s + (1 - rho) g^2, d = g sqrt(u + epsilon) / sqrt(s + epsilon), u <- rho u + (1 - rho) d^2, w <- w - rate d.
Source: Zeiler 2012, algorithm 1; defaults of PyTorch.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point

PARAMETERS = {
    "learning_rate": Parameter(1.0, number(0, open_low=True)),
    "rho": Parameter(0.9, number(0, 1, open_high=True)),
    "epsilon": Parameter(1e-6, number(0, open_low=True)),
}
SLOTS = 2


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step as long as the root of the running mean of squared steps."""
    number_type = parameters.dtype.type
    r, epsilon = number_type(rate), number_type(settings[2])
    rho, rest = number_type(settings[1]), number_type(1.0 - settings[1])
    squares, steps = state[0], state[1]
    for i in range(parameters.size):
        g = gradients[i]
        squares[i] = rho * squares[i] + rest * (g * g)
        delta = g * (math.sqrt(steps[i] + epsilon) / math.sqrt(squares[i] + epsilon))
        steps[i] = rho * steps[i] + rest * (delta * delta)
        parameters[i] -= r * delta
