"""The logistic function, of which several activations are made."""

from __future__ import annotations

from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp


@kernel
def logistic(z):
    """Return 1 / (1 + exp(-z)), computed such that nothing overflows."""
    one = type(z)(1)
    power = exp(z if z < 0 else -z)
    return (power if z < 0 else one) / (one + power)
