"""relu(z) = max(z, 0); its slope at 0 is taken as 0. Source: Nair and Hinton 2010; Glorot, Bordes and Bengio 2011."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return max(z, 0); NaN stays NaN, so that divergence is seen."""
    return type(z)(0) if z < 0 else z


@kernel
def slope(a, _):
    """Return 1 where the unit is active, else 0."""
    return type(a)(1) if a > 0 else type(a)(0)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
