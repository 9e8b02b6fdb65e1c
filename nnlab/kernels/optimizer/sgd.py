"""Stochastic gradient descent: w <- w - rate g. Source: Robbins and Monro 1951."""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import entry_point

PARAMETERS = {"learning_rate": Parameter(0.1, number(0, open_low=True))}
SLOTS = 0


@entry_point
def update(parameters, gradients, state, memory, rate, step, settings):  # noqa: ARG001
    """Take one step against the gradient."""
    r = parameters.dtype.type(rate)
    for i in range(parameters.size):
        parameters[i] -= r * gradients[i]
