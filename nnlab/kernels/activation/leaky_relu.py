"""leaky_relu(z) = z where z > 0, else slope * z. Source: Maas, Hannun and Ng 2013."""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

# The slope must not be negative: backward tells the two sides apart by the sign of the activation.
PARAMETERS = {"slope": Parameter(0.01, number(0, 1))}


@kernel
def value(z, negative_slope):
    """Return z, or the slope times z where z is negative."""
    return negative_slope * z if z < 0 else z


@kernel
def slope(a, negative_slope):
    """Return 1 where the activation is positive, else the slope."""
    return type(a)(1) if a > 0 else negative_slope


shape, forward, backward, gradients = elementwise(__name__, value, slope)
