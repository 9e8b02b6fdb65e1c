"""sigmoid(z) = 1 / (1 + exp(-z)), with slope a (1 - a). Source: the logistic function of Rumelhart et al. 1986."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp

PARAMETERS: dict[str, Parameter] = {}
NEEDS_PRE_ACTIVATIONS = False


@kernel
def value(z, _):
    """Return 1 / (1 + exp(-z)); exp saturates instead of overflowing, so large |z| gives 0 or 1."""
    one = type(z)(1)
    return one / (one + exp(-z))


@kernel
def slope(a, _):
    """Return a (1 - a)."""
    return a * (type(a)(1) - a)


forward, backward = elementwise(value, slope)
