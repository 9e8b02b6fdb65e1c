"""mish(z) = z tanh(softplus(z)).

With w = exp(-|z|), tanh(softplus(z)) is (1 + 2 w) / (1 + 2 w + 2 w^2) where z > 0, else (w^2 + 2 w) / (w^2 + 2 w + 2).
Source: Misra 2019.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise_of_z
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp
from nnlab.kernels.logistic import logistic

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z tanh(softplus(z))."""
    return z * _gate(z)


@kernel
def slope(z, _):
    """Return t + z (1 - t^2) sigmoid(z) with t = tanh(softplus(z))."""
    t = _gate(z)
    return t + z * (type(z)(1) - t * t) * logistic(z)


@kernel
def _gate(z):
    """Return tanh(softplus(z)); nothing overflows."""
    one, two = type(z)(1), type(z)(2)
    w = exp(z if z < 0 else -z)
    above = w * (w + two) if z < 0 else one + two * w
    return above / (above + (two if z < 0 else two * w * w))


shape, forward, backward, gradients = elementwise_of_z(__name__, value, slope)
