"""Where a training stands: all that a schedule may depend on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Course(NamedTuple):
    """One epoch about to be trained, and what was planned and measured before it."""

    epoch: int  # from 0
    steps: int  # updates per epoch
    epochs: int  # planned; early stopping may end the training before
    validation_losses: Sequence[float] = ()  # one per epoch already trained; what lies beyond is ignored

    @property
    def total(self) -> int:
        """The number of updates of the whole training."""
        return self.steps * self.epochs

    @property
    def updates(self) -> np.ndarray:
        """The numbers (steps,) of this epoch's updates, counted from 0 over the whole training; float64."""
        return self.epoch * self.steps + np.arange(self.steps, dtype=np.float64)

    @property
    def passed(self) -> np.ndarray:
        """The time (steps,) before each update of this epoch, in epochs: 0 at the first update of the training."""
        return self.updates / self.steps
