"""What criteria see: the losses of all epochs so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnlab.checks import Parameter, flag

History = Sequence[Mapping[str, float]]  # per epoch: train_loss, validation_loss and others

RESTORE_BEST = Parameter(True, flag())  # noqa: FBT003
KEEP_LAST = Parameter(False, flag())  # noqa: FBT003


def validation_losses(history: History) -> list[float]:
    """Return the validation loss of each epoch."""
    return [metrics["validation_loss"] for metrics in history]
