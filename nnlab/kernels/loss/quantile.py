"""Quantile (pinball) loss: mean over the outputs of tau |y_k - t_k| where y_k < t_k, else (1 - tau) |y_k - t_k|.

The best constant is the tau-quantile of the targets: with tau = 0.9, nine in ten lie below the output; tau = 0.5 is
half the absolute error. All outputs have the same tau. The gradient with respect to y_k is -tau / outputs where the
output is too low, (1 - tau) / outputs where it is too high, 0 where it is right. Source: Koenker and Bassett 1978.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.loss._links import identity as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS = {"tau": Parameter(0.5, number(0, 1, open_low=True, open_high=True))}
TASKS = ("regression",)


@kernel
def _output_loss(y, t, settings):
    """Return the loss of one output and its slope."""
    difference = y - t
    weight = settings[0] if difference < 0 else 1.0 - settings[0]
    return weight * abs(float(difference)), type(y)(weight) * np.sign(difference)


loss = per_output(__name__, _output_loss)
