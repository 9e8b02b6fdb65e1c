"""gelu(z) = z P(z), P(z) being the probability that a standard normal number is below z.

`gelu_tanh` is the approximation that its authors give. Source: Hendrycks and Gimpel 2016.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.activation._elementwise import elementwise_of_z
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exact_order, normal

PARAMETERS: dict[str, Parameter] = {}


@kernel
def value(z, _):
    """Return z P(z)."""
    return z * normal(z)[0]


@exact_order  # as a kernel it is too long to be inlined, and then its loop is not vectorised
def slope(z, _):
    """Return P(z) + z p(z) with the normal density p."""
    probability, density = normal(z)
    return probability + z * density


shape, forward, backward, gradients = elementwise_of_z(__name__, value, slope)
