"""The running means that Adam and its kin keep: m <- b1 m + (1 - b1) g and v <- b2 v + (1 - b2) g^2.

Their settings begin with learning_rate, beta1, beta2 and epsilon, as in `nnlab.kernels.optimizer.adam`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nnlab.kernels.compilation import kernel


class Decays(NamedTuple):
    """What the means keep and what they take of the new, in the dtype of the parameters; and epsilon."""

    keep1: Any  # beta1
    take1: Any  # 1 - beta1
    keep2: Any  # beta2
    take2: Any  # 1 - beta2
    epsilon: Any


@kernel
def decays_of(parameters, settings):
    """Return the decays as numbers of the parameters' dtype."""
    number = parameters.dtype.type
    beta1, beta2 = settings[1], settings[2]
    return Decays(number(beta1), number(1.0 - beta1), number(beta2), number(1.0 - beta2), number(settings[3]))


@kernel
def moments(first, second, gradient, decays):
    """Return the two means of one parameter after a gradient."""
    m = decays.keep1 * first + decays.take1 * gradient
    return m, decays.keep2 * second + decays.take2 * (gradient * gradient)
