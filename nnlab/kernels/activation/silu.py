"""silu(z) = z sigmoid(z), also called swish. Source: Elfwing, Uchibe and Doya 2018."""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise_of_z
from nnlab.kernels.compilation import kernel
from nnlab.kernels.logistic import logistic

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z sigmoid(z)."""
    return z * logistic(z)


@kernel
def slope(z, _):
    """Return s (1 + z (1 - s)) with s = sigmoid(z)."""
    one, s = type(z)(1), logistic(z)
    return s * (one + z * (one - s))


shape, forward, backward, gradients = elementwise_of_z(__name__, value, slope)
