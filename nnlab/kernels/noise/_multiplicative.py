"""Noise that multiplies: target = source * factors, in training; another fixed factor otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlab.kernels.compilation import variant
from nnlab.kernels.regions import in_a_row, scratch, source, target, target_delta
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE

Kernel = Callable[..., Any]

# Stand-ins in the template below for the functions of a piece.
fill: Kernel
factor_at_test: Kernel


def multiplicative(piece: str, fill: Kernel, factor_at_test: Kernel) -> tuple[Callable[..., Shape], Kernel, Kernel]:
    """Return shape, forward and backward of a noise from two functions.

    ``fill(factors, settings, draw, number)`` draws the factors (batch * inputs,); ``factor_at_test(settings)`` is
    what everything is multiplied with where no noise is drawn.
    """
    forward = variant(_forward, f"{piece}.forward", fill=fill, factor_at_test=factor_at_test)
    return _shape, forward, variant(_backward, f"{piece}.backward")


def _shape(inputs, _settings, _width):
    return Shape(inputs, delta_in_place=True, scratch=inputs)


def _forward(operation, memory, rows, draw):
    x, noisy = in_a_row(source(operation, memory, rows)), in_a_row(target(operation, memory, rows))
    factors = in_a_row(scratch(operation, memory, rows, operation.inputs))
    if draw.random:
        fill(factors, operation.settings, draw, operation.number)  # noqa: F821
    else:
        factors[:] = factor_at_test(operation.settings)  # noqa: F821
    for i in range(x.size):
        noisy[i] = x[i] * factors[i]


def _backward(operation, memory, rows, draw):  # noqa: ARG001
    if operation.target_delta != NOWHERE:
        delta = in_a_row(target_delta(operation, memory, rows))
        factors = in_a_row(scratch(operation, memory, rows, operation.inputs))
        for i in range(delta.size):
            delta[i] *= factors[i]
