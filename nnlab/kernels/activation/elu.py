"""elu(z) = z where z > 0, else alpha (exp(z) - 1), with slope a + alpha there. Source: Clevert et al. 2016."""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import expm1

# alpha must not be negative: backward tells the two sides apart by the sign of the activation.
PARAMETERS = {"alpha": Parameter(1.0, number(0))}


@kernel
def value(z, alpha):
    """Return z, or alpha (exp(z) - 1) where z is negative."""
    below = alpha * expm1(z if z < 0 else -z)
    return below if z < 0 else z


@kernel
def slope(a, alpha):
    """Return 1 where the activation is positive, else alpha exp(z) = a + alpha."""
    return type(a)(1) if a > 0 else a + alpha


shape, forward, backward, gradients = elementwise(__name__, value, slope)
