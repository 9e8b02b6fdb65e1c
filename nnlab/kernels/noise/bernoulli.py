"""Dropout: an input is kept with probability keep = 1 - rate, else set to 0.

Two scalings, the same prediction in expectation: "inverted" trains with factors 0 or 1 / keep and tests with 1;
"weights" trains with 0 or 1 and tests with keep, which equals weights times keep. Source: Srivastava et al. 2014.
"""

from __future__ import annotations

from nnlab.checks import Parameter, choice, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.noise._bernoulli import fill_bernoulli
from nnlab.kernels.noise._multiplicative import multiplicative
from nnlab.kernels.noise._words import DROPOUT, address

PARAMETERS = {
    "rate": Parameter(0.5, number(0, 1, open_high=True)),
    "scaling": choice("inverted", "weights"),
}
INVERTED = 0  # place of "inverted" among the scalings


@kernel
def fill(factors, settings, draw, number):
    """Draw the factors of one step, (batch * inputs,)."""
    keep = 1.0 - settings[0]
    scale = 1.0 / keep if settings[1] == INVERTED else 1.0
    fill_bernoulli(factors, keep, scale, draw, address(number, DROPOUT))


@kernel
def factor_at_test(settings):
    """Return what the inputs are multiplied with where nothing is dropped."""
    return 1.0 if settings[1] == INVERTED else 1.0 - settings[0]


shape, forward, backward = multiplicative(__name__, fill, factor_at_test)
