"""Gaussian dropout: an input is multiplied with a normal number of mean 1 and variance rate / (1 - rate).

The factors have the mean and the variance of inverted dropout's; at test they are 1. Source: Srivastava et al. 2014,
section 10.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.noise._multiplicative import multiplicative
from nnlab.kernels.noise._normal import fill_normal
from nnlab.kernels.noise._words import GAUSSIAN_DROPOUT, address

PARAMETERS = {"rate": Parameter(0.5, number(0, 1, open_high=True))}


@kernel
def fill(factors, settings, draw, number):
    """Draw the factors of one step, (batch * inputs,)."""
    std = math.sqrt(settings[0] / (1.0 - settings[0]))
    fill_normal(factors, 1.0, std, draw, address(number, GAUSSIAN_DROPOUT))


@kernel
def factor_at_test(_settings):
    """Return what the inputs are multiplied with where no noise is drawn."""
    return 1.0


shape, forward, backward = multiplicative(__name__, fill, factor_at_test)
