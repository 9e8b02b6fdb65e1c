"""Activations that act on each pre-activation alone: a = value(z + bias)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlab.kernels.activation._biases import gradients
from nnlab.kernels.compilation import variant
from nnlab.kernels.regions import source, source_delta, target, target_delta, vector
from nnlab.kernels.shape import Shape

Kernel = Callable[..., Any]
Operation = tuple[Callable[..., Shape], Kernel, Kernel, Kernel]

# Stand-ins in the templates below for the functions of a piece.
value: Kernel
slope: Kernel


def elementwise(piece: str, value: Kernel, slope: Kernel) -> Operation:
    """Return shape, forward, backward and gradients of a = value(z, setting) whose slope is slope(a, setting).

    They work in place: neither z nor a second delta is kept.
    """
    forward = variant(_forward, f"{piece}.forward", value=value)
    return _shape_in_place, forward, variant(_backward, f"{piece}.backward", slope=slope), gradients


def elementwise_of_z(piece: str, value: Kernel, slope: Kernel) -> Operation:
    """Return shape, forward, backward and gradients of a = value(z, setting) whose slope needs z: slope(z, setting)."""
    forward = variant(_forward_beside, f"{piece}.forward", value=value)
    return _shape_beside, forward, variant(_backward_beside, f"{piece}.backward", slope=slope), gradients


def _shape_in_place(inputs, _settings, _width):
    return Shape(inputs, in_place=True, vector=inputs, by_rows=True)


def _shape_beside(inputs, _settings, _width):
    return Shape(inputs, vector=inputs, by_rows=True)


def _forward(operation, memory, rows, draw):  # noqa: ARG001
    a = target(operation, memory, rows)
    bias = vector(operation, memory.parameters, operation.inputs)
    setting = a.dtype.type(operation.settings[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] = value(a[i, j] + bias[j], setting)  # noqa: F821


def _backward(operation, memory, rows, draw):  # noqa: ARG001
    a, delta = target(operation, memory, rows), target_delta(operation, memory, rows)
    setting = a.dtype.type(operation.settings[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            delta[i, j] *= slope(a[i, j], setting)  # noqa: F821


def _forward_beside(operation, memory, rows, draw):  # noqa: ARG001
    z, a = source(operation, memory, rows), target(operation, memory, rows)
    bias = vector(operation, memory.parameters, operation.inputs)
    setting = a.dtype.type(operation.settings[0])
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            z[i, j] += bias[j]
            a[i, j] = value(z[i, j], setting)  # noqa: F821


def _backward_beside(operation, memory, rows, draw):  # noqa: ARG001
    z, delta = source(operation, memory, rows), target_delta(operation, memory, rows)
    pre_delta = source_delta(operation, memory, rows)
    setting = z.dtype.type(operation.settings[0])
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            pre_delta[i, j] = delta[i, j] * slope(z[i, j], setting)  # noqa: F821
