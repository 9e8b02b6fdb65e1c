"""softplus(z) = log(1 + exp(beta z)) / beta, with slope 1 - exp(-beta a): a smooth relu.

The larger beta, the nearer it is to relu. Source: Dugas et al. 2001.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp, expm1, log1p

PARAMETERS = {"beta": Parameter(1.0, number(0, open_low=True))}


@kernel
def value(z, beta):
    """Return log(1 + exp(beta z)) / beta as max(z, 0) + log(1 + exp(-beta |z|)) / beta, which never overflows."""
    size = -z if z < 0 else z
    positive = type(z)(0) if z < 0 else z
    return positive + log1p(exp(-beta * size)) / beta


@kernel
def slope(a, beta):
    """Return 1 - exp(-beta a)."""
    return -expm1(-beta * a)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
