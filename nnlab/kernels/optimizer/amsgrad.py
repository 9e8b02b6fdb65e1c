"""AMSGrad: Adam with the largest second moment so far, so that no rate ever grows again.

m and v as in Adam; w <- w - rate (m / (1 - b1^t)) / (sqrt(max of v so far / (1 - b2^t)) + epsilon), as PyTorch's
Adam(amsgrad=True). Source: Reddi, Kale and Kumar 2018, algorithm 2 (without bias correction there).
"""

from __future__ import annotations

import math

from nnlab.kernels.compilation import entry_point
from nnlab.kernels.optimizer._moments import decays_of, moments
from nnlab.kernels.optimizer.adam import MOMENTUM, PARAMETERS

__all__ = ["MOMENTUM", "PARAMETERS", "SLOTS", "update"]

SLOTS = 3


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step of AMSGrad; the two bias corrections are constants of the step."""
    decays = decays_of(parameters, settings)
    r = parameters.dtype.type(rate / (1.0 - settings[1] ** step))
    root = parameters.dtype.type(1.0 / math.sqrt(1.0 - settings[2] ** step))
    first, second, largest = state[0], state[1], state[2]
    for i in range(parameters.size):
        first[i], second[i] = moments(first[i], second[i], gradients[i], decays)
        largest[i] = max(largest[i], second[i])
        parameters[i] -= r * first[i] / (math.sqrt(largest[i]) * root + decays.epsilon)
