"""When to stop: the best epoch so far by validation loss, and how long ago it was. Source: Prechelt 1998."""

from __future__ import annotations

import math

import numpy as np


class BestEpoch:
    """Remembers the parameters of the epoch with the lowest validation loss.

    Args:
        patience: how many epochs without improvement end the training; None: never.
        minimum_improvement: by how much the loss must fall to count as an improvement for patience.
    """

    def __init__(self, patience: int | None, minimum_improvement: float = 0.0) -> None:
        self.patience, self.minimum_improvement = patience, minimum_improvement
        self.epoch, self.loss = 0, math.inf
        self._parameters: np.ndarray | None = None
        self._improved_epoch, self._improved_loss = 0, math.inf

    def update(self, epoch: int, loss: float, parameters: np.ndarray) -> None:
        """Take note of an epoch, counted from 1."""
        if loss < self.loss:
            self.epoch, self.loss = epoch, loss
            if self.patience is not None:
                self._parameters = parameters.copy()
        if loss < self._improved_loss - self.minimum_improvement:
            self._improved_epoch, self._improved_loss = epoch, loss

    def is_over(self, epoch: int) -> bool:
        """Tell whether patience has run out."""
        return self.patience is not None and epoch - self._improved_epoch >= self.patience

    def restore(self, parameters: np.ndarray) -> None:
        """Put the best parameters back, where early stopping is on and there are any."""
        if self._parameters is not None:
            parameters[:] = self._parameters
