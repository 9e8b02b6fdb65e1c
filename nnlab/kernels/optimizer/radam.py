"""RAdam: Adam that takes plain momentum steps until the variance of its second moment can be trusted.

With n = 2 / (1 - b2) - 1 and n_t = n - 2 t b2^t / (1 - b2^t): while n_t <= 5, w <- w - rate m / (1 - b1^t); then
w <- w - rate q (m / (1 - b1^t)) sqrt(1 - b2^t) / (sqrt(v) + epsilon) with
q = sqrt((n_t - 4) (n_t - 2) n / ((n - 4) (n - 2) n_t)). Source: Liu et al. 2020, algorithm 2; as PyTorch's RAdam.
"""

from __future__ import annotations

import math

from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.optimizer._moments import decays_of, moments
from nnlab.kernels.optimizer.adam import MOMENTUM, PARAMETERS

__all__ = ["MOMENTUM", "PARAMETERS", "SLOTS", "update"]

SLOTS = 2
_TRUSTED = 5.0


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step of RAdam; whether the second moment counts is the same for all parameters."""
    decays = decays_of(parameters, settings)
    rectified = _rectification(settings[2], step)
    r = parameters.dtype.type(rate / (1.0 - settings[1] ** step))
    adaptive = parameters.dtype.type(rectified * math.sqrt(1.0 - settings[2] ** step))
    first, second = state[0], state[1]
    for i in range(parameters.size):
        first[i], second[i] = moments(first[i], second[i], gradients[i], decays)
        if rectified > 0:
            parameters[i] -= r * first[i] * adaptive / (math.sqrt(second[i]) + decays.epsilon)
        else:
            parameters[i] -= r * first[i]


@kernel
def _rectification(beta2, step):
    """Return the factor q, or 0 while the second moment is not to be trusted."""
    n = 2.0 / (1.0 - beta2) - 1.0
    decay = beta2**step
    n_t = n - 2.0 * step * decay / (1.0 - decay)
    if n_t <= _TRUSTED:
        return 0.0
    return math.sqrt((n_t - 4.0) * (n_t - 2.0) * n / ((n - 4.0) * (n - 2.0) * n_t))
