"""Run the trials of a search: ask for some, run those that the store has no run of, tell what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from nnlab import data
from nnlab.console import show_warning
from nnlab.console.formatting import metric_text
from nnlab.errors import ConfigurationError, TrackingError
from nnlab.jobs.dry_run import show_plan
from nnlab.jobs.earlier_jobs import bring_earlier
from nnlab.jobs.overrides import quoted
from nnlab.jobs.pruning import VARIABLE, told_values, trial_variable
from nnlab.jobs.search import BEST_FILE, Search, Tried, check_objective, outcome, shown
from nnlab.jobs.sweep_folder import has_stopped, line_of, sweep_jobs
from nnlab.jobs.sweep_launch import SweepLaunch
from nnlab.jobs.sweep_plan import FINISHED, MISSING, PlannedJob, plan_job, plan_sweep, with_runs
from nnlab.schema import Config


@dataclass
class Trials:
    """The trials of a search.

    Attributes:
        settings: of the search, as `nnlab.jobs.search.check_settings` returns them.
        fixed: overrides that all trials have.
        compose: makes a configuration of overrides.
        folder: of the sweep.
        console: to print to.
    """

    settings: Mapping[str, Any]
    fixed: Sequence[str]
    compose: Callable[[Sequence[str]], Config]
    folder: Path
    console: Console
    _known: dict[str, Tried] = field(default_factory=dict)  # by their identities

    def run(self, search: Search, launch: SweepLaunch) -> None:
        """Run the search to its end, and write what was best.

        Raises:
            NnlabError: a trial cannot be run, or what is to be made best is not measured.
        """
        left = int(self.settings["trials"])
        try:
            while left > 0 and not has_stopped(self.folder):
                asked = search.ask(min(left, self.settings["at_a_time"]))
                jobs = self._planned(asked) if left == self.settings["trials"] else self._possible(asked)
                self._run_batch(jobs, launch)
                self._tell(search, asked, jobs)
                left -= len(asked)
        finally:
            search.write_best(self.folder)

    def show_first(self, search: Search) -> None:
        """Show what the first trials would be; which ones follow depends on what they give."""
        jobs = self._planned(search.ask(min(self.settings["trials"], self.settings["at_a_time"])))
        show_plan(list(jobs.values()), self.console)
        self.console.print(f"the first of {self.settings['trials']} trials; the others depend on what these give")

    def show_best(self, search: Search) -> None:
        """Print which trial was best."""
        best = search.best()
        if best is None or best.value is None:
            self.console.print("no trial was trained to its end")
            return
        values = " ".join(f"{key}={shown(value)}" for key, value in best.params.items())
        value, where = metric_text(search.objective, best.value), self.folder / BEST_FILE
        self.console.print(f"best of {self.settings['trials']} trials: {values}", markup=False, soft_wrap=True)
        self.console.print(f"{search.objective} {value}, mean over seeds; see {where}", soft_wrap=True)

    def _planned(self, asked: Mapping[int, Sequence[str]]) -> dict[int, PlannedJob]:
        combinations = [[*self.fixed, *overrides] for overrides in asked.values()]
        jobs = plan_sweep(combinations, self.compose, self.folder, self.console)
        check_objective(self.settings["objective"], data.load(jobs[0].config.dataset).task)
        return dict(zip(asked, jobs, strict=True))

    def _possible(self, asked: Mapping[int, Sequence[str]]) -> dict[int, PlannedJob]:
        """Return the jobs of later trials: of those that can be run, whether or not the store can be asked just now."""
        jobs: dict[int, PlannedJob] = {}
        for number, overrides in asked.items():
            try:
                jobs[number] = plan_job([*self.fixed, *overrides], self.compose)
            except ConfigurationError as error:
                show_warning(f"trial {number} ({' '.join(overrides)}) cannot be run: {error}")
        with suppress(TrackingError):  # then all are trained, and their records wait for the store
            return dict(zip(jobs, with_runs(list(jobs.values())), strict=True))
        return jobs

    def _run_batch(self, jobs: Mapping[int, PlannedJob], launch: SweepLaunch) -> None:
        new = {number: job for number, job in jobs.items() if job.identity not in self._known}
        done = [job for job in new.values() if job.state != MISSING]
        brought = bring_earlier(done, self.folder, launch.reserve(len(done)), self.console)
        missing: dict[str, tuple[int, PlannedJob]] = {}
        for number, job in new.items():
            if job.identity not in brought:
                missing.setdefault(job.identity, (number, job))
        launched = [[*job.overrides, self._for_launcher(number)] for number, job in missing.values()]
        launch.run(launched, self.console)

    def _for_launcher(self, number: int) -> str:
        pruner, objective = str(self.settings["pruner"]), str(self.settings["objective"])
        return f"+hydra.job.env_set.{VARIABLE}={quoted(trial_variable(self.folder, number, pruner, objective))}"

    def _tell(self, search: Search, asked: Iterable[int], jobs: Mapping[int, PlannedJob]) -> None:
        ended = {job.line: job for job in sweep_jobs(self.folder)}
        for number, job in jobs.items():
            result = ended.get(line_of(job.overrides))
            if job.identity not in self._known:
                self._known[job.identity] = outcome(result, search.objective)
            if result is not None and result.is_earlier and job.state == FINISHED:
                search.report(number, told_values(result.history(), job.config, search.objective))
        for number in asked:
            search.tell(number, self._known[jobs[number].identity] if number in jobs else outcome(None, ""))
