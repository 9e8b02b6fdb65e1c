"""L1 penalty, the lasso: loss + setting * sum of |w| over all weights, so gradient <- gradient + setting * sign w.

Source: Tibshirani 1996.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number, optional
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import flat

SETTING = Parameter(None, optional(number(0)))
STAGE = "penalty"


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Add the gradient of the penalty; where a weight is 0, it is 0."""
    weights, gradients = flat(memory.parameters, 0, memory.weights), flat(memory.gradients, 0, memory.weights)
    strength = weights.dtype.type(setting)
    for i in range(weights.size):
        gradients[i] += strength * np.sign(weights[i])
