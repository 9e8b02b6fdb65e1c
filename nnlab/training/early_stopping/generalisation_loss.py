"""Generalisation loss, GL_alpha: stop when 100 (E / E_best - 1) > alpha, E the validation loss, E_best its minimum.

Source: Prechelt 1998, section 2.1.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.training.early_stopping._history import RESTORE_BEST, History, validation_losses

PARAMETERS = {
    "alpha": Parameter(5.0, number(0)),  # in percent of the lowest validation loss
    "restore_best": RESTORE_BEST,
}


def is_over(history: History, *, alpha: float, restore_best: bool) -> bool:  # noqa: ARG001
    """Tell whether the last validation loss is more than alpha percent above the lowest so far, which may be 0."""
    losses = validation_losses(history)
    return bool(losses) and losses[-1] > min(losses) + alpha / 100.0 * abs(min(losses))
