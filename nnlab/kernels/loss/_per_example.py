"""Losses that are a sum over examples, and for each example over the heads of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlab.kernels.compilation import kernel, variant
from nnlab.kernels.regions import part

Kernel = Callable[..., Any]

# Stand-ins in the template below for the functions of a piece.
example_loss: Kernel
prepare: Kernel


@kernel
def _nothing(outputs, delta, heads):
    """Prepare nothing."""


def per_example(piece: str, example_loss: Kernel, prepare: Kernel = _nothing) -> Kernel:
    """Return the loss of a batch from ``example_loss(y, t, d, settings)``.

    It returns the loss of the outputs y (outputs,) of one head for one example with the targets t (outputs,), and
    writes its gradient with respect to y to d (outputs,), where it finds what ``prepare(outputs, delta, heads)`` has
    left for it in delta (batch, outputs).
    """
    return variant(_loss, f"{piece}.loss", example_loss=example_loss, prepare=prepare)


def _loss(outputs, targets, weights, share, delta, settings, heads, losses):
    prepare(outputs, delta, heads)  # noqa: F821
    for i in range(outputs.shape[0]):
        loss, factor = 0.0, outputs.dtype.type(weights[i] * share)
        for head in range(heads.size - 1):
            first, last = heads[head], heads[head + 1]
            d = part(delta, i, first, last)
            loss += example_loss(part(outputs, i, first, last), part(targets, i, first, last), d, settings)  # noqa: F821
        losses[i] = weights[i] * loss
        for k in range(outputs.shape[1]):
            delta[i, k] *= factor
