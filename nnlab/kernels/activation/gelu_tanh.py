"""gelu_tanh(z) = z (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (z + 0.044715 z^3): an approximation of gelu.

(1 + tanh(u)) / 2 is sigmoid(2 u). Source: Hendrycks and Gimpel 2016.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise_of_z
from nnlab.kernels.compilation import kernel
from nnlab.kernels.logistic import logistic

PARAMETERS: dict[str, Parameter] = {}
LINEAR = 2 * math.sqrt(2 / math.pi)
CUBIC = 0.044715 * LINEAR


@kernel
def value(z, _):
    """Return z sigmoid(2 u)."""
    return z * logistic(_exponent(z))


@kernel
def slope(z, _):
    """Return s + z s (1 - s) 2 u' with s = sigmoid(2 u)."""
    one, s = type(z)(1), logistic(_exponent(z))
    return s + z * s * (one - s) * (type(z)(LINEAR) + type(z)(3 * CUBIC) * z * z)


@kernel
def _exponent(z):
    """Return 2 u."""
    return z * (type(z)(LINEAR) + type(z)(CUBIC) * z * z)


shape, forward, backward, gradients = elementwise_of_z(__name__, value, slope)
