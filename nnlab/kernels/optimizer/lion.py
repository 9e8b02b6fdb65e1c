"""Lion: steps of one length for all parameters, with the sign of a mixture of the gradient and its running mean.

c = b1 m + (1 - b1) g, w <- w - rate (sign c + weight_decay w), then m <- b2 m + (1 - b2) g.
Source: Chen et al. 2023, algorithm 2, with its betas.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point

PARAMETERS = {
    "learning_rate": Parameter(0.0001, number(0, open_low=True)),
    "beta1": Parameter(0.9, number(0, 1, open_high=True)),
    "beta2": Parameter(0.99, number(0, 1, open_high=True)),
    "weight_decay": Parameter(0.0, number(0)),
}
SLOTS = 1
MOMENTUM = "beta1"


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step; the sign of 0 is 0, of NaN it is NaN."""
    number_type = parameters.dtype.type
    b1, c1 = number_type(settings[1]), number_type(1.0 - settings[1])
    b2, c2 = number_type(settings[2]), number_type(1.0 - settings[2])
    r, kept = number_type(rate), number_type(1.0 - rate * settings[3])
    mean = state[0]
    for i in range(parameters.size):
        g = gradients[i]
        parameters[i] = kept * parameters[i] - r * np.sign(b1 * mean[i] + c1 * g)
        mean[i] = b2 * mean[i] + c2 * g
