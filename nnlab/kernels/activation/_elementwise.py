"""Activations that act on each pre-activation alone, with a slope that follows from the activation's value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlab.kernels.compilation import kernel

Kernel = Callable[..., Any]


def elementwise(value: Kernel, slope: Kernel) -> tuple[Kernel, Kernel]:
    """Return `forward` and `backward` of an activation a = value(z, parameter) with da/dz = slope(a, parameter).

    Both work in place, on one pointer, since a loop over two arrays that overlap is not vectorised.
    """

    @kernel
    def forward(z, bias, a, parameter):  # noqa: ARG001
        p = a.dtype.type(parameter)
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                a[i, j] = value(a[i, j] + bias[j], p)

    @kernel
    def backward(z, a, delta, pre_delta, bias_gradient, parameter):  # noqa: ARG001
        p = a.dtype.type(parameter)
        bias_gradient[:] = 0
        for i in range(a.shape[0]):
            for j in range(a.shape[1]):
                pre_delta[i, j] = delta[i, j] * slope(a[i, j], p)
                bias_gradient[j] += pre_delta[i, j]

    return forward, backward
