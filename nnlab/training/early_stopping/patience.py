"""Patience: stop when `patience` epochs in turn brought no improvement by more than `minimum_improvement`.

An improvement is a validation loss < that of the last improvement - minimum_improvement. Source: Bengio 2012.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number, whole
from nnlab.training.early_stopping._history import RESTORE_BEST, History, validation_losses

PARAMETERS = {
    "patience": Parameter(10, whole(1)),  # epochs
    "minimum_improvement": Parameter(0.0, number(0)),  # in units of the loss
    "restore_best": RESTORE_BEST,
}


def is_over(history: History, *, patience: int, minimum_improvement: float, restore_best: bool) -> bool:  # noqa: ARG001
    """Tell whether the last improvement was `patience` epochs ago."""
    improved_epoch, improved_loss = 0, math.inf
    for epoch, loss in enumerate(validation_losses(history), start=1):
        if loss < improved_loss - minimum_improvement:
            improved_epoch, improved_loss = epoch, loss
    return len(history) - improved_epoch >= patience
