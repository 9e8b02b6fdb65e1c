"""AdamW: Adam whose weight decay acts on the parameters themselves, not through the gradient.

m and v as in Adam; w <- (1 - rate weight_decay) w - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon). All
parameters decay, biases too. Source: Loshchilov and Hutter 2019, algorithm 2; with the rate on the decay and the
defaults of PyTorch's AdamW.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.optimizer import adam
from nnlab.kernels.optimizer._moments import decays_of, moments
from nnlab.kernels.optimizer.adam import MOMENTUM

__all__ = ["MOMENTUM", "PARAMETERS", "SLOTS", "update"]

PARAMETERS = {**adam.PARAMETERS, "weight_decay": Parameter(0.01, number(0))}
SLOTS = 2


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step of Adam from parameters that have decayed."""
    decays = decays_of(parameters, settings)
    r = parameters.dtype.type(rate / (1.0 - settings[1] ** step))
    root = parameters.dtype.type(1.0 / math.sqrt(1.0 - settings[2] ** step))
    kept = parameters.dtype.type(1.0 - rate * settings[4])
    first, second = state[0], state[1]
    for i in range(parameters.size):
        first[i], second[i] = moments(first[i], second[i], gradients[i], decays)
        parameters[i] = kept * parameters[i] - r * first[i] / (math.sqrt(second[i]) * root + decays.epsilon)
