"""Hand the jobs of a sweep to Hydra's launcher, and see to it that all of them end."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, open_dict, read_write
from rich.console import Console

from nnlab import tracking
from nnlab.errors import NnlabError
from nnlab.jobs.launching import is_ray, jobs_at_a_time, losses_noted, runs_here
from nnlab.jobs.overrides import quoted
from nnlab.jobs.sweep_folder import (
    begun_lines,
    count_ended,
    ended_lines,
    has_stopped,
    line_of,
    write_failure,
    write_job,
)
from nnlab.jobs.sweep_progress import SweepProgress
from nnlab.jobs.sweep_report import report_sweep

_TRIES = 3  # of a job that was lost with its process
_PASSED_ON = ("MLFLOW_", "NNLAB_", "NUMBA_")

Overrides = Sequence[str]


class SweepLaunch:
    """The launch of some jobs of a sweep.

    Args:
        launcher: Hydra's.
        config: of the sweep, as Hydra composed it; the launcher has the same object.
        folder: of the sweep.
        stops: whether no job is to begin after the first failure.
        at_once: jobs that the launcher is to have at a time, or None.
    """

    def __init__(self, launcher: Any, config: DictConfig, folder: Path, *, stops: bool, at_once: int | None) -> None:
        self._launcher, self._folder, self._draws = launcher, folder, bool(config.figures)
        self._kind = config.hydra.launcher
        self._at_once = 1 if stops and runs_here(self._kind) else jobs_at_a_time(self._kind) or at_once
        self._reserved = 0
        if not runs_here(self._kind):
            self._prepare_others(config)

    def reserve(self, jobs: int) -> int:
        """Return the first of some numbers that no job of the launcher will have."""
        first, self._reserved = self._reserved, self._reserved + jobs
        return first

    def run(self, jobs: Sequence[Overrides], console: Console) -> None:
        """Run the jobs; after Ctrl-C or SIGTERM, show what had ended.

        Args:
            jobs: the overrides of each; those that begin with "hydra." are for the launcher alone.
            console: to print to.

        Raises:
            NnlabError: the launcher cannot start a job.
        """
        if not jobs:
            return
        try:
            if runs_here(self._kind):
                self._launch(jobs)
            else:
                with SweepProgress(self._folder, len(jobs) + count_ended(self._folder), console):
                    self._run_until_all_have_ended(jobs)
        except (KeyboardInterrupt, SystemExit):
            report_sweep(self._folder, console, with_figure=self._draws)
            raise

    def _run_until_all_have_ended(self, jobs: Sequence[Overrides]) -> None:
        """Run lost jobs again, each alone then: with joblib, a lost process takes others along."""
        losses: Counter[str] = Counter()
        while jobs and not has_stopped(self._folder):
            suspects = [job for job in jobs if losses[line_of(job)]]
            together = [job for job in jobs if not losses[line_of(job)]]
            for batch in [*([together] if together else []), *([suspect] for suspect in suspects)]:
                self._run_once(batch, losses)
            jobs = self._missing(jobs)

    def _run_once(self, jobs: Sequence[Overrides], losses: Counter[str]) -> None:
        """Run jobs, and count those that began but did not end; give up those that were lost too often."""
        with losses_noted(self._kind) as noted:
            try:
                self._launch(jobs)
            except Exception as error:  # noqa: BLE001 - launchers raise what they like
                noted.append(error)
        reason = f"{type(noted[-1]).__name__}: {noted[-1]}" if noted else "it ended without a result"
        begun, missing = begun_lines(self._folder), self._missing(jobs)
        lost = [job for job in missing if line_of(job) in begun]
        if missing and not lost and len(missing) == len(jobs) and not has_stopped(self._folder):
            raise NnlabError(f"the launcher could not start a job: {reason}")
        for job in lost:
            losses[line_of(job)] += 1
            if losses[line_of(job)] == _TRIES:
                self._give_up(job, reason)

    def _launch(self, jobs: Sequence[Overrides]) -> None:
        size = self._at_once or len(jobs)
        for start in range(0, len(jobs), size):
            if has_stopped(self._folder):
                return
            batch = [list(overrides) for overrides in jobs[start : start + size]]
            for result in self._launcher.launch(batch, initial_job_idx=self.reserve(len(batch))):
                _ = result.return_value  # raises what is no failure of a training

    def _missing(self, jobs: Sequence[Overrides]) -> list[Overrides]:
        ended = ended_lines(self._folder)
        return [overrides for overrides in jobs if line_of(overrides) not in ended]

    def _give_up(self, overrides: Overrides, reason: str) -> None:
        number = self.reserve(1)
        folder = self._folder / str(number)
        write_job(folder, number, overrides)
        write_failure(folder, f"its process was lost {_TRIES} times ({reason})", "")

    def _prepare_others(self, config: DictConfig) -> None:
        """Have jobs in other processes write to the same store and the same folder, wherever they run."""
        os.environ["MLFLOW_TRACKING_URI"] = tracking.store_uri()
        folder = quoted(str(self._folder.absolute()))
        with read_write(config), open_dict(config):
            config.hydra.overrides.hydra.append(f"hydra.sweep.dir={folder}")  # of which each job is composed anew
        if is_ray(self._kind):
            self._prepare_ray()

    def _prepare_ray(self) -> None:
        paths = [os.environ.get("PYTHONPATH", ""), *sys.path]
        variables = {key: value for key, value in os.environ.items() if key.startswith(_PASSED_ON)}
        variables["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path for path in paths if path))
        with open_dict(self._launcher.ray_cfg):
            settings = self._launcher.ray_cfg.init
            given = settings.get("runtime_env", {})
            settings.runtime_env = {**given, "env_vars": {**variables, **given.get("env_vars", {})}}
            if settings.get("address") is not None:  # a cluster that runs refuses the limit that the launcher sets
                settings.object_store_memory = None
