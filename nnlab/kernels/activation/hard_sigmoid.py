"""hard_sigmoid(z) = (z + 3) / 6 between -3 and 3, 0 below and 1 above: a sigmoid of straight lines.

The slope at its kinks is taken as 0. Source: Courbariaux, Bengio and David 2015; with the slope of PyTorch, 1 / 6.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._clamp import clamp, inside
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return (z + 3) / 6, cut at 0 and 1; cut first, so that rounding does not move the kinks."""
    return clamp(z + type(z)(3), 0, 6) / type(z)(6)


@kernel
def slope(a, _):
    """Return 1 / 6 between 0 and 1, else 0."""
    return inside(a, 0, 1) / type(a)(6)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
