"""Hinges: loss = max(0, v)^p of how far, v, an output is from the right side of a margin.

Where v is not positive, v * 0 stands for 0: it is NaN where v is infinite, so that diverged outputs are not taken for
very right ones.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel, variant
from nnlab.kernels.loss._per_example import Kernel, per_example
from nnlab.kernels.loss._per_output import per_output

PARAMETERS = {"margin": Parameter(1.0, number(0, open_low=True))}

penalty: Kernel  # stands in the templates below for one of the two penalties


@kernel
def linear(v):
    """Return max(0, v), in float64, and its slope."""
    zero = v * type(v)(0)
    return float(v if v > 0 else zero), type(v)(1) if v > 0 else zero


@kernel
def squared(v):
    """Return max(0, v)^2, in float64, and its slope."""
    violation = v if v > 0 else v * type(v)(0)
    return float(violation) * float(violation), violation + violation


def one_against_rest(piece: str, penalty: Kernel) -> Kernel:
    """Return the loss of a batch: mean over k of penalty(margin - s_k y_k), where s = 2 t - 1 is -1 or 1."""
    return per_output(piece, variant(_output_loss, f"{piece}.output_loss", penalty=penalty))


def all_pairs(piece: str, penalty: Kernel) -> Kernel:
    """Return the loss of a batch: sum over k other than the class c of penalty(margin - y_c + y_k) / outputs."""
    return per_example(piece, variant(_example_loss, f"{piece}.example_loss", penalty=penalty))


def _output_loss(y, t, settings):
    sign = t + t - type(y)(1)
    loss, slope = penalty(type(y)(settings[0]) - sign * y)  # noqa: F821
    return loss, -sign * slope


def _example_loss(y, t, d, settings):
    total = 0.0
    d[:] = 0
    for c in range(y.size):
        if t[c] != 0:
            share = t[c] / y.dtype.type(y.size)
            for k in range(y.size):
                # Of the class against itself, 0 - y + y is 0, or NaN.
                margin = y.dtype.type(0.0 if k == c else settings[0])
                loss, slope = penalty(margin - y[c] + y[k])  # noqa: F821
                total += float(share) * loss
                d[k] += share * slope
                d[c] -= share * slope
    return total
