"""hard_tanh(z) = min(max(z, -1), 1); its slope at -1 and 1 is taken as 0. Source: Collobert 2004."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._clamp import clamp, inside
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z, cut at -1 and 1."""
    return clamp(z, -1, 1)


@kernel
def slope(a, _):
    """Return 1 between -1 and 1, else 0."""
    return inside(a, -1, 1)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
