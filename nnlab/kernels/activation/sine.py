"""sine(z) = sin(frequency z): periodic. Source: Sitzmann et al. 2020, with frequency 30 and weights drawn to match."""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.activation._elementwise import elementwise_of_z
from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import cos, sin

PARAMETERS = {"frequency": Parameter(1.0, number(0, open_low=True))}


@kernel
def value(z, frequency):
    """Return sin(frequency z)."""
    return sin(frequency * z)


@kernel
def slope(z, frequency):
    """Return frequency cos(frequency z)."""
    return frequency * cos(frequency * z)


shape, forward, backward, gradients = elementwise_of_z(__name__, value, slope)
