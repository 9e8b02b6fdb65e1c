"""tanh(z) = (e^z - e^-z) / (e^z + e^-z), with slope 1 - a^2: a sigmoid scaled to (-1, 1). Source: LeCun et al. 1998."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import tanh

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return the hyperbolic tangent of z."""
    return tanh(z)


@kernel
def slope(a, _):
    """Return 1 - a^2."""
    return type(a)(1) - a * a


shape, forward, backward, gradients = elementwise(__name__, value, slope)
