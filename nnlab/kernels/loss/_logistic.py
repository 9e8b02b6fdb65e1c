"""The logistic function and its integral, of logits of any size."""

from __future__ import annotations

import math

from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp


@kernel
def sigmoid(y):
    """Return 1 / (1 + e^-y), in y's type."""
    one, small = type(y)(1), exp(-abs(y))
    return (one if y > 0 else small) / (one + small)


@kernel
def softplus_of_minus(size):
    """Return log(1 + e^-size) = -log(sigmoid(size)) for size >= 0, in float64."""
    return math.log1p(float(exp(-size)))
