"""Gaussian noise: a normal number of mean 0 and standard deviation std is added to each input, in training only.

Source: Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural Computation 1995.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.noise._normal import fill_normal
from nnlab.kernels.noise._words import GAUSSIAN_NOISE, address
from nnlab.kernels.regions import copy, in_a_row, source, target
from nnlab.kernels.shape import Shape

PARAMETERS = {"std": Parameter(0.1, number(0))}


def shape(inputs, _settings, _width):
    """Return the sizes: the sum lies beside the source, which others may need."""
    return Shape(inputs, delta_in_place=True)


@entry_point
def forward(operation, memory, rows, draw):
    """Write the source (batch, inputs), with noise where it is drawn."""
    x, noisy = in_a_row(source(operation, memory, rows)), in_a_row(target(operation, memory, rows))
    if draw.random:
        fill_normal(noisy, 0.0, operation.settings[0], draw, address(operation.number, GAUSSIAN_NOISE))
        for i in range(x.size):
            noisy[i] += x[i]
    else:
        copy(x, noisy)


@entry_point
def backward(operation, memory, rows, draw):
    """Leave the delta as it is."""
