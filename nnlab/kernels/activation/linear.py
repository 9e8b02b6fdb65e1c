"""linear(z) = z: no activation at all, as outputs have it.

Source: Goodfellow, Bengio and Courville 2016, section 6.2.2.1; as PyTorch's Identity.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z."""
    return z


@kernel
def slope(a, _):
    """Return 1."""
    return type(a)(1)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
