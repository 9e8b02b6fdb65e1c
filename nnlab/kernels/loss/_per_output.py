"""Losses that are, for each example and head, a mean over outputs: loss = mean over k of l(y_k, t_k)."""

from __future__ import annotations

from nnlab.kernels.compilation import variant
from nnlab.kernels.loss._per_example import Kernel, per_example

output_loss: Kernel  # stands in the template below for the function of a piece


def per_output(piece: str, output_loss: Kernel) -> Kernel:
    """Return the loss of a batch from ``output_loss(y, t, settings)``.

    It returns the loss of one output y with the target t, in float64, and its slope dl/dy, in y's type.
    """
    return per_example(piece, variant(_example_loss, f"{piece}.example_loss", output_loss=output_loss))


def _example_loss(y, t, d, settings):
    total = 0.0
    share = y.dtype.type(1.0 / y.size)
    for k in range(y.size):
        loss, slope = output_loss(y[k], t[k], settings)  # noqa: F821
        d[k] = slope * share
        total += loss
    return total / y.size
