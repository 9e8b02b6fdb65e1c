"""NAdam: Adam with Nesterov's momentum, which looks one step ahead.

m and v as in Adam; w <- w - rate ((1 - mu_t) g / (1 - p_t) + mu_{t+1} m / (1 - p_{t+1})) / (sqrt(v / (1 - b2^t)) +
epsilon) with momenta mu_t = b1 (1 - 0.96^(t momentum_decay) / 2) and p_t = mu_1 mu_2 ... mu_t. Source: Dozat 2016; as
PyTorch's NAdam, with its defaults.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.optimizer import adam
from nnlab.kernels.optimizer._moments import decays_of, moments
from nnlab.kernels.optimizer.adam import MOMENTUM
from nnlab.kernels.structures import MEMORY

__all__ = ["MOMENTUM", "PARAMETERS", "SLOTS", "update"]

PARAMETERS = {
    **adam.PARAMETERS,
    "learning_rate": Parameter(0.002, number(0, open_low=True)),
    "momentum_decay": Parameter(0.004, number(0)),
}
SLOTS = 2


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):
    """Take one step of NAdam, a mixture of the gradient and its running mean."""
    decays = decays_of(parameters, settings)
    mu, mu_next = _momentum(settings, step), _momentum(settings, step + 1)
    # The memory holds 1 - p_t, which is 0 before the first step.
    correction = 1.0 - mu * (1.0 - memory[(step - 1) % MEMORY])
    memory[step % MEMORY] = correction
    by_gradient = parameters.dtype.type(rate * (1.0 - mu) / correction)
    by_mean = parameters.dtype.type(rate * mu_next / (1.0 - mu_next * (1.0 - correction)))
    root = parameters.dtype.type(1.0 / math.sqrt(1.0 - settings[2] ** step))
    first, second = state[0], state[1]
    for i in range(parameters.size):
        g = gradients[i]
        first[i], second[i] = moments(first[i], second[i], g, decays)
        parameters[i] -= (by_gradient * g + by_mean * first[i]) / (math.sqrt(second[i]) * root + decays.epsilon)


@kernel
def _momentum(settings, step):
    """Return mu of a step, which grows from b1 / 2 to b1."""
    return settings[1] * (1.0 - 0.5 * 0.96 ** (step * settings[4]))
