"""A trial of a search tells how it fares while it trains, and ends early where others have fared better.

The first seed tells its validation metric after each tenth of its epochs, then each seed that has ended the mean of
all that have: trials of one search have the same seeds, so what is compared has the same splits and initial weights.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnlab.schema import Config

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "NNLAB_TRIAL"  # number, pruner, objective and folder of the search, for the process that trains
_PARTS = 10
_MEANS = 1000  # the step before the first mean: steps count parts, so that trials of other lengths compare


class Pruned(BaseException):
    """The trial is worse than others were."""


class TrialReports:
    """Tells a search about one of its trials; an observer of its epochs.

    Args:
        config: of the trial.
        tell: takes a step and the value at it: parts that the first seed has trained, or _MEANS and seeds.
        objective: what the search makes best.
    """

    def __init__(self, config: Config, tell: Callable[[int, float], None], objective: str) -> None:
        self._tell, self._metric = tell, objective.removeprefix("best_")
        self._seeds, self._epochs = config.seeds, config.epochs
        self._every = _every(config)
        self._ended: dict[int, float] = {}
        self._told = 0  # for how many seeds a mean has been told
        self._lock = threading.Lock()

    def observe(self, seed: int, epoch: int, metrics: Mapping[Any, float]) -> None:
        """Take note of an epoch; any thread may call."""
        with self._lock:
            if epoch == self._epochs:
                self._ended[seed] = metrics[self._metric]
                self._tell_means()
            elif seed == self._seeds[0] and epoch % self._every == 0:
                self._tell(epoch // self._every, metrics[self._metric])

    def _tell_means(self) -> None:
        """Tell the mean of the first seeds, of one more and one more, as far as they have all ended; not of all."""
        while self._told + 1 < len(self._seeds) and self._seeds[self._told] in self._ended:
            self._told += 1
            values = [self._ended[seed] for seed in self._seeds[: self._told]]
            self._tell(_MEANS + self._told, sum(values) / len(values))


def _every(config: Config) -> int:
    """Return how many epochs a part has."""
    return max(1, config.epochs // _PARTS)


def told_values(history: pd.DataFrame, config: Config, objective: str) -> dict[int, float]:
    """Return what a trial that was trained to its end has told, by its steps, from the rows of its seeds and epochs."""
    told: dict[int, float] = {}
    reports = TrialReports(config, told.__setitem__, objective)
    for row in history.to_dict("records"):
        reports.observe(int(row["seed"]), int(row["epoch"]), row)
    return told


def trial_variable(folder: Path, number: int, pruner: str, objective: str) -> str:
    """Return what the process that trains a trial finds in its environment."""
    return f"{number} {pruner} {objective} {folder.absolute()}"


def reports_of(config: Config) -> TrialReports | None:
    """Return what tells a search about this training, if it is a trial of one.

    It raises Pruned from the thread of a seed when other trials were better at this point.
    """
    if VARIABLE not in os.environ:
        return None
    from nnlab.jobs.search import load_trial  # noqa: PLC0415

    number, pruner, objective, folder = os.environ[VARIABLE].split(" ", 3)
    trial = load_trial(Path(folder), int(number), pruner)

    def tell(step: int, value: float) -> None:
        trial.report(value, step)
        if trial.should_prune():
            is_mean = step > _MEANS
            where = f"{step - _MEANS} seeds" if is_mean else f"{step * _every(config)} epochs of the first seed"
            raise Pruned(f"{objective} is {value:.4g} after {where}, worse than the median of earlier trials")

    return TrialReports(config, tell, objective)
