"""The epoch with the lowest validation loss, and what the network was then."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


class BestEpoch:
    """Remembers the epoch with the lowest validation loss.

    Args:
        keeps: whether it keeps a copy of the network of that epoch, to go back to.

    Attributes:
        epoch: counted from 1; 0 while there is none.
        loss: the validation loss of that epoch.
        kept: copies of the arrays of that epoch; empty while there are none.
    """

    def __init__(self, *, keeps: bool) -> None:
        self.keeps, self.epoch, self.loss = keeps, 0, math.inf
        self.kept: list[np.ndarray] = []

    def update(self, epoch: int, loss: float, arrays: Sequence[np.ndarray]) -> None:
        """Take note of an epoch, counted from 1, after which the network has these arrays."""
        if loss < self.loss:
            self.epoch, self.loss = epoch, loss
            if self.keeps:
                self.kept = [array.copy() for array in arrays]

    def restore(self, arrays: Sequence[np.ndarray]) -> None:
        """Put what was kept back in place."""
        for array, kept in zip(arrays, self.kept, strict=False):
            array[:] = kept
