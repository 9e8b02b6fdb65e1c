"""The norm of some numbers, and how it is made smaller."""

from __future__ import annotations

import math

import numpy as np

from nnlab.kernels.compilation import kernel


@kernel
def norm(values):
    """Return the root of the sum of squares of values (n,), summed in float64."""
    total = 0.0
    for i in range(values.size):
        value = np.float64(values[i])  # float() would leave it as it is, and its square may overflow
        total += value * value
    return math.sqrt(total)


@kernel
def shrink(values, factor):
    """Multiply values (n,) with a factor unless it is at least 1; NaN is not."""
    if not factor >= 1.0:
        f = values.dtype.type(factor)
        for i in range(values.size):
            values[i] *= f
