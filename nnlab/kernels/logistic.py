"""The logistic function, of which activations, losses and gates are made, and its integral: nothing overflows."""

from __future__ import annotations

import math

from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp


@kernel
def logistic(z):
    """Return 1 / (1 + exp(-z)), in z's type."""
    one = type(z)(1)
    power = exp(z if z < 0 else -z)
    return (power if z < 0 else one) / (one + power)


@kernel
def softplus_of_minus(size):
    """Return log(1 + e^-size) = -log(logistic(size)) for size >= 0, in float64."""
    return math.log1p(float(exp(-size)))
