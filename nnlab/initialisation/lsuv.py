"""LSUV, layer-sequential unit variance: orthogonal weights, then divided so that pre-activations have variance 1.

W_k <- W_k / std(z_k), layer by layer from the first, until |var(z_k) - 1| < tolerance; z_k are the pre-activations of a
batch of examples, and the variance is that of all their elements. Source: Mishkin and Matas 2016, algorithm 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from nnlab.checks import Parameter, number, whole
from nnlab.initialisation import orthogonal
from nnlab.initialisation._common import COMMON

PARAMETERS = {
    "tolerance": Parameter(0.1, number(0, open_low=True)),
    "iterations": Parameter(10, whole(1)),  # at most so many per layer
    "examples": Parameter(256, whole(2)),  # in the batch
    **COMMON,
}


def weights(generator: np.random.Generator, inputs: int, units: int, **_adjustment: float) -> np.ndarray:
    """Return orthogonal weights (inputs, units), which `adjust` is to work on once the network is whole."""
    return orthogonal.weights(generator, inputs, units)


def adjust(
    weights_views: Sequence[np.ndarray],
    pre_activations: Callable[[int], np.ndarray],
    *,
    tolerance: float,
    iterations: int,
    scale: float = 1.0,
    **_others: float,
) -> None:
    """Divide the weights of each layer in place until its pre-activations have a standard deviation of `scale`.

    A layer whose pre-activations are all the same is left as it is.

    Args:
        weights_views: (inputs, units) of each layer, from the first.
        pre_activations: returns layer k's pre-activations (batch, units), k from 0, with the present weights.
        tolerance: how far var / scale^2 may be from 1.
        iterations: the largest number of divisions per layer.
        scale: 1 in the paper; the initialisation's setting of that name, which a division would otherwise undo.
    """
    for layer, view in enumerate(weights_views):
        _adjust_layer(view, partial(pre_activations, layer), scale, tolerance, iterations)


def _adjust_layer(
    view: np.ndarray, pre_activations: Callable[[], np.ndarray], scale: float, tolerance: float, iterations: int
) -> None:
    for _ in range(iterations):
        z = pre_activations()
        if np.ptp(z) == 0:  # as where scale is 0; the variance itself may be a rounding error away from 0
            return
        deviation = z.std(dtype=np.float64) / scale
        if abs(deviation**2 - 1.0) < tolerance:
            return
        view /= deviation
