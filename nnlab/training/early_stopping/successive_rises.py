"""Successive rises, UP_s: stop when the validation loss rose over s strips of k epochs in turn, by however little.

UP_1 stops after an epoch t that ends a strip (t = k, 2 k, ...) if E(t) > E(t - k); UP_s if moreover UP_(s-1) stops
after epoch t - k. As nothing is known before epoch 1, the first stop can come after epoch (s + 1) k.
Source: Prechelt 1998, section 2.1, with k = 5.
"""

from __future__ import annotations

from itertools import pairwise

from nnlab.checks import Parameter, whole
from nnlab.training.early_stopping._history import RESTORE_BEST, History, validation_losses

PARAMETERS = {
    "rises": Parameter(3, whole(1)),  # s
    "strip": Parameter(5, whole(1)),  # k, in epochs
    "restore_best": RESTORE_BEST,
}


def is_over(history: History, *, rises: int, strip: int, restore_best: bool) -> bool:  # noqa: ARG001
    """Tell whether the last epoch ends the last of `rises` strips in turn, each ending above the one before."""
    ends = validation_losses(history)[strip - 1 :: strip]
    if len(history) % strip or len(ends) <= rises:
        return False
    return all(later > earlier for earlier, later in pairwise(ends[-rises - 1 :]))
