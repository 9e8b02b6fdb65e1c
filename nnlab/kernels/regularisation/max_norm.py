"""Max-norm constraint: the incoming weights of a unit are rescaled, after each update, to a norm of at most `setting`.

They are a column of a layer's matrix (inputs, units), |w_j| <= setting; for maxout each piece of a unit has its own.
Source: Srivastava et al. 2014, section 5.1.
"""

from __future__ import annotations

import math

import numpy as np

from nnlab.checks import Parameter, number, optional
from nnlab.kernels import regions
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regularisation._parts import weight_count

SETTING = Parameter(None, optional(number(0, open_low=True)))
STAGE = "constraint"


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Shorten the columns that are too long."""
    for k in range(operations.size):
        if weight_count(operations, k, memory) > 0:
            weights = regions.weights(operations[k], memory.parameters)
            factors = regions.flat(regions.as_doubles(memory.panel), 0, weights.shape[1])
            _measure(weights, setting, factors)
            _shorten(weights, factors)


@kernel
def _measure(weights, setting, factors):
    """Write what each column is to be multiplied with, (units,), from norms summed row by row in float64.

    Column after column would need no room for sums, but take ten times as long.
    """
    factors[:] = 0
    for i in range(weights.shape[0]):
        for j in range(weights.shape[1]):
            w = np.float64(weights[i, j])
            factors[j] += w * w
    for j in range(factors.size):
        factors[j] = setting / math.sqrt(factors[j]) if factors[j] > setting * setting else 1.0


@kernel
def _shorten(weights, factors):
    for i in range(weights.shape[0]):
        for j in range(weights.shape[1]):
            weights[i, j] *= weights.dtype.type(factors[j])
