"""Adam: steps scaled by running means of the gradient and of its square.

m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2, w <- w - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
Source: Kingma and Ba 2015, algorithm 1, with its defaults.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel

PARAMETERS = {
    "learning_rate": Parameter(0.001, number(0, open_low=True)),
    "beta1": Parameter(0.9, number(0, 1, open_high=True)),
    "beta2": Parameter(0.999, number(0, 1, open_high=True)),
    "epsilon": Parameter(1e-8, number(0, open_low=True)),
}
SLOTS = 2


@kernel
def update(parameters, gradients, state, rate, step, settings):
    """Take one step of Adam; the two bias corrections are constants of the step."""
    number_type = parameters.dtype.type
    b1, b2, epsilon = number_type(settings[1]), number_type(settings[2]), number_type(settings[3])
    c1, c2 = number_type(1.0 - settings[1]), number_type(1.0 - settings[2])
    r = number_type(rate / (1.0 - settings[1] ** step))
    root = number_type(1.0 / math.sqrt(1.0 - settings[2] ** step))
    first, second = state[0], state[1]
    for i in range(parameters.size):
        g = gradients[i]
        first[i] = b1 * first[i] + c1 * g
        second[i] = b2 * second[i] + c2 * (g * g)
        parameters[i] -= r * first[i] / (math.sqrt(second[i]) * root + epsilon)
