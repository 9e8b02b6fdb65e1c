"""Adam: steps scaled by running means of the gradient and of its square.

m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2, w <- w - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
Source: Kingma and Ba 2015, algorithm 1, with its defaults.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.optimizer._moments import decays_of, moments

PARAMETERS = {
    "learning_rate": Parameter(0.001, number(0, open_low=True)),
    "beta1": Parameter(0.9, number(0, 1, open_high=True)),
    "beta2": Parameter(0.999, number(0, 1, open_high=True)),
    "epsilon": Parameter(1e-8, number(0, open_low=True)),
}
SLOTS = 2
MOMENTUM = "beta1"


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step of Adam; the two bias corrections are constants of the step."""
    decays = decays_of(parameters, settings)
    r = parameters.dtype.type(rate / (1.0 - settings[1] ** step))
    root = parameters.dtype.type(1.0 / math.sqrt(1.0 - settings[2] ** step))
    first, second = state[0], state[1]
    for i in range(parameters.size):
        first[i], second[i] = moments(first[i], second[i], gradients[i], decays)
        parameters[i] -= r * first[i] / (math.sqrt(second[i]) * root + decays.epsilon)
