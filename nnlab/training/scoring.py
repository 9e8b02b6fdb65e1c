"""From the sums that kernels return to the metrics that people read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnlab.data import Dataset, Split
from nnlab.kernels.structures import Sums

Metrics = dict[str, float]


class ValidationLosses(Sequence[float]):
    """A view of the validation losses of a history, which costs nothing where no schedule reads them."""

    def __init__(self, history: Sequence[Metrics]) -> None:
        self._history = history

    def __len__(self) -> int:
        return len(self._history)

    def __getitem__(self, epoch: Any) -> Any:
        if isinstance(epoch, slice):
            return [metrics["validation_loss"] for metrics in self._history[epoch]]
        return self._history[epoch]["validation_loss"]


class Scoring:
    """Names the loss and the score of each part of one seed's split: accuracy for classes, R^2 for numbers.

    The accuracy of several labels is the share of labels that are right.

    R^2 = 1 - squared error / variance of the part's targets; NaN where these are all the same.
    """

    def __init__(self, dataset: Dataset, split: Split, target_scale: np.ndarray) -> None:
        self._score = "r2" if dataset.task == "regression" else "accuracy"
        self._variance = {part: _variance(dataset.targets[rows] * target_scale) for part, rows in vars(split).items()}

    def metrics(self, part: str, sums: Sums) -> Metrics:
        """Return mean loss and score over examples of a part of the split, from their sums."""
        mean = sums.score / max(sums.examples, 1)
        if self._score == "r2":
            mean = 1.0 - mean / self._variance[part] if self._variance[part] > 0 else math.nan
        loss = sums.loss / sums.weight if sums.weight else sums.loss  # no weight: stopped before the first batch
        return {f"{part}_loss": loss, f"{part}_{self._score}": mean}


def _variance(targets: np.ndarray) -> float:
    """Return the variance of targets (examples, outputs), summed over outputs; exactly 0 where all are the same."""
    differs = (targets != targets[0]).any(axis=0)
    return float(targets[:, differs].var(axis=0).sum())


def is_finite(metrics: Mapping[str, float]) -> bool:
    """Tell whether all losses among the metrics are finite; a score may be undefined all the same."""
    return all(math.isfinite(value) for key, value in metrics.items() if key.endswith("loss"))
