"""A search for the values that are best on validation data, with Optuna: which to try next, and what came out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, Trial, TrialState

from nnlab.checks import Parameter, check_parameters, one_of, whole
from nnlab.errors import bad_value
from nnlab.files import whole_file
from nnlab.jobs.sweep_folder import SweepJob

NAME = "search"
LOG_FILE = "search.log"  # what Optuna knows, in the folder of the sweep
BEST_FILE = "best.json"
_MAXIMISED = ("accuracy", "r2")
_MEASURED = "validation_"
_TRIALS_BEFORE_PRUNING = 5

_SETTINGS = {
    "trials": Parameter(20, whole(1)),
    "at_a_time": Parameter(1, whole(1)),
    "objective": Parameter(
        "validation_loss",
        one_of(*(f"{best}{_MEASURED}{name}" for best in ("", "best_") for name in ("loss", *_MAXIMISED))),
    ),
    "sampler": Parameter("tpe", one_of("tpe", "random", "qmc")),
    "pruner": Parameter("median", one_of("median", "none")),
    "seed": Parameter(0, whole(0)),
}


def check_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return all settings of a search.

    Raises:
        ConfigurationError: an unknown one, or a value that is not allowed.
    """
    return check_parameters("hydra.sweeper", given, _SETTINGS)


@dataclass(frozen=True)
class Tried:
    """What has become of a trial: its value where it was trained to the end."""

    state: TrialState
    value: float | None = None


class Search:
    """The trials of a search, from the first that is asked for to the last that is told of.

    Args:
        folder: of the sweep; None: other processes know nothing of the trials.
        settings: as `check_settings` returns them.
        space: the values to choose from, by their keys.
    """

    def __init__(self, folder: Path | None, settings: Mapping[str, Any], space: Mapping[str, BaseDistribution]) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        if folder is not None:  # a folder that is used again: what it knew is asked of the store
            for path in (*folder.glob(f"{LOG_FILE}*"), folder / BEST_FILE):
                path.unlink(missing_ok=True)
        self.objective = str(settings["objective"])
        self._space = dict(space)
        self._asked: dict[int, Trial] = {}
        self._study = optuna.create_study(
            storage=None if folder is None else storage_in(folder),
            study_name=NAME,
            sampler=_sampler(settings["sampler"], settings["seed"]),
            direction="maximize" if self.objective.endswith(_MAXIMISED) else "minimize",
        )

    def ask(self, trials: int) -> dict[int, list[str]]:
        """Return the next trials: the overrides of each, by its number."""
        asked = {trial.number: trial for trial in (self._study.ask(self._space) for _ in range(trials))}
        self._asked |= asked
        return {
            number: [f"{key}={shown(value)}" for key, value in trial.params.items()] for number, trial in asked.items()
        }

    def report(self, number: int, values: Mapping[int, float]) -> None:
        """Take note of what a trial told while it was trained earlier, by the steps of `nnlab.jobs.pruning`."""
        for step, value in values.items():
            self._asked[number].report(value, step)

    def tell(self, number: int, tried: Tried) -> None:
        """Take note of what has become of a trial."""
        self._study.tell(number, tried.value, tried.state)

    def best(self) -> FrozenTrial | None:
        """Return the best trial, if one was trained to the end."""
        complete = [trial for trial in self._study.trials if trial.state == TrialState.COMPLETE]
        return self._study.best_trial if complete else None

    def write_best(self, folder: Path) -> None:
        """Write the best values and what they gave, if there are any."""
        best = self.best()
        if best is None:
            return
        values = {key: shown(value) for key, value in best.params.items()}
        content = {"objective": self.objective, "value": best.value, "trial": best.number, "values": values}
        with whole_file(folder / BEST_FILE) as path:
            path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def shown(value: Any) -> str:
    """Return a value as a trial takes it: numbers between others with six digits, which are easier to read and type."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def check_objective(objective: str, task: str) -> None:
    """Refuse to make best what is not measured on the data of a task.

    Raises:
        ConfigurationError: that is so.
    """
    score = "r2" if task == "regression" else "accuracy"
    if not objective.endswith(("loss", score)):
        raise bad_value("hydra.sweeper.objective", objective, f"validation_loss or validation_{score} on a {task}")


def outcome(job: SweepJob | None, objective: str) -> Tried:
    """Return what has become of the trial of a job, from its files; a diverged seed makes it a failed one."""
    if job is None or job.failure:
        return Tried(TrialState.FAIL)
    if job.is_pruned:
        return Tried(TrialState.PRUNED)
    value = float(job.summary()[objective].mean(skipna=False))
    return Tried(TrialState.COMPLETE, value) if math.isfinite(value) else Tried(TrialState.FAIL)


def storage_in(folder: Path) -> JournalStorage:
    """Return what the processes of a search share, a file that only grows."""
    return JournalStorage(JournalFileBackend(str(folder.absolute() / LOG_FILE)))


def load_trial(folder: Path, number: int, pruner: str) -> Trial:
    """Return a trial of a search, in the process that trains it."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    chosen = optuna.pruners.MedianPruner(_TRIALS_BEFORE_PRUNING) if pruner == "median" else optuna.pruners.NopPruner()
    study = optuna.load_study(study_name=NAME, storage=storage_in(folder), pruner=chosen)
    return Trial(study, study.get_trials(deepcopy=False)[number]._trial_id)  # noqa: SLF001 - ask() gives no such trial


def _sampler(name: str, seed: int) -> optuna.samplers.BaseSampler:
    if name == "random":
        return optuna.samplers.RandomSampler(seed)
    if name == "qmc":
        return optuna.samplers.QMCSampler(seed=seed, warn_independent_sampling=False)
    return optuna.samplers.TPESampler(seed=seed)
