"""Huber: loss = mean over the outputs of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), with e = y_k - t_k.

As PyTorch's HuberLoss. The gradient with respect to y_k is e / outputs, with e cut at -delta and delta: a squared error
for small differences that counts far targets like the absolute error. Source: Huber 1964.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.loss._links import identity as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS = {"delta": Parameter(1.0, number(0, open_low=True))}
TASKS = ("regression",)


@kernel
def _output_loss(y, t, settings):
    """Return slope * (difference - slope / 2), which is both branches, and the slope."""
    difference, delta = y - t, type(y)(settings[0])
    slope = difference if abs(difference) <= delta else np.sign(difference) * delta
    return float(slope) * (float(difference) - 0.5 * float(slope)), slope


loss = per_output(__name__, _output_loss)
