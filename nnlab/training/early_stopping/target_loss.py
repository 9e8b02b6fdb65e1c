"""Target loss: stop when the loss, of training or validation, is at or below `loss`.

For claims about how long it takes to reach a loss; the training loss is the mean over the epoch, as recorded.
Source: the performance goal of MATLAB's train, trainParam.goal.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number, one_of
from nnlab.training.early_stopping._history import KEEP_LAST, History

PARAMETERS = {
    "loss": Parameter(0.01, number()),
    "of": Parameter("train", one_of("train", "validation")),
    "restore_best": KEEP_LAST,
}


def is_over(history: History, *, loss: float, of: str, restore_best: bool) -> bool:  # noqa: ARG001
    """Tell whether the last epoch reached the target."""
    return len(history) > 0 and history[-1][f"{of}_loss"] <= loss
