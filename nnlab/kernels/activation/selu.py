"""selu(z) = scale elu(z), which keeps mean 0 and variance 1 from layer to layer.

Where weights have mean 0 and variance 1 / inputs, scale = 1.0507... and elu's alpha = 1.6732... are what does that.
Source: Klambauer et al. 2017.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation import elu
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}
ALPHA = 1.6732632423543772848170429916717
SCALE = 1.0507009873554804934193349852946


@kernel
def value(z, _):
    """Return scale elu(z)."""
    return type(z)(SCALE) * elu.value(z, type(z)(ALPHA))


@kernel
def slope(a, _):
    """Return scale where the activation is positive, else scale alpha exp(z) = a + scale alpha."""
    return type(a)(SCALE) if a > 0 else a + type(a)(SCALE * ALPHA)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
