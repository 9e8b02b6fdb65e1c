"""relu6(z) = min(max(z, 0), 6); its slope at 0 and 6 is taken as 0. Source: Krizhevsky 2010."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._clamp import clamp, inside
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z, cut at 0 and 6."""
    return clamp(z, 0, 6)


@kernel
def slope(a, _):
    """Return 1 between 0 and 6, else 0."""
    return inside(a, 0, 6)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
