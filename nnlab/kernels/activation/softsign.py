"""softsign(z) = z / (1 + |z|), with slope (1 - |a|)^2: a tanh that saturates slowly. Source: Glorot and Bengio 2010."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z / (1 + |z|)."""
    return z / (type(z)(1) + (-z if z < 0 else z))


@kernel
def slope(a, _):
    """Return 1 / (1 + |z|)^2 = (1 - |a|)^2."""
    rest = type(a)(1) - (-a if a < 0 else a)
    return rest * rest


shape, forward, backward, gradients = elementwise(__name__, value, slope)
