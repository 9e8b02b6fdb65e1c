"""sigmoid(z) = 1 / (1 + exp(-z)), with slope a (1 - a). Source: the logistic function of Rumelhart et al. 1986."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise
from nnlab.kernels.compilation import kernel
from nnlab.kernels.logistic import logistic

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return 1 / (1 + exp(-z))."""
    return logistic(z)


@kernel
def slope(a, _):
    """Return a (1 - a)."""
    return a * (type(a)(1) - a)


shape, forward, backward, gradients = elementwise(__name__, value, slope)
