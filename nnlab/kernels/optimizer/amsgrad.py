"""AMSGrad: Adam with the largest second moment so far, so that no rate ever grows again.

m and v as in Adam; w <- w - rate (m / (1 - b1^t)) / (sqrt(max of v so far / (1 - b2^t)) + epsilon), as PyTorch's
Adam(amsgrad=True). Source: Reddi, Kale and Kumar 2018, algorithm 2 (without bias correction there).
"""

from __future__ import annotations

import math

from nnlab.kernels.compilation import kernel
from nnlab.kernels.optimizer.adam import PARAMETERS

__all__ = ["PARAMETERS", "SLOTS", "update"]

SLOTS = 3


@kernel
def update(parameters, gradients, state, rate, step, settings):
    """Take one step of AMSGrad; the two bias corrections are constants of the step."""
    number_type = parameters.dtype.type
    b1, b2, epsilon = number_type(settings[1]), number_type(settings[2]), number_type(settings[3])
    c1, c2 = number_type(1.0 - settings[1]), number_type(1.0 - settings[2])
    r = number_type(rate / (1.0 - settings[1] ** step))
    root = number_type(1.0 / math.sqrt(1.0 - settings[2] ** step))
    first, second, largest = state[0], state[1], state[2]
    for i in range(parameters.size):
        g = gradients[i]
        first[i] = b1 * first[i] + c1 * g
        second[i] = b2 * second[i] + c2 * (g * g)
        largest[i] = max(largest[i], second[i])
        parameters[i] -= r * first[i] / (math.sqrt(largest[i]) * root + epsilon)
