"""Which jobs of a sweep are still to be run: those of which the store has no run yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from rich.console import Console

from nnlab import tracking
from nnlab.console import waiting
from nnlab.console.counting import counted
from nnlab.jobs.identity import identity_of
from nnlab.jobs.job import check_job
from nnlab.jobs.results_folder import check_writable
from nnlab.schema import Config

MISSING, FINISHED, FAILED = "missing", "finished", "failed"


@dataclass(frozen=True)
class PlannedJob:
    """One combination of a sweep's values.

    Attributes:
        overrides: as Hydra writes them.
        config: what they mean, completed by what follows from the data.
        identity: of its run.
        run: in the store, of the same identity.
    """

    overrides: Sequence[str]
    config: Config
    identity: str
    run: tracking.RecordedRun | None = None

    @property
    def state(self) -> str:
        """MISSING, FINISHED or FAILED."""
        return MISSING if self.run is None else self.run.status.lower()


def plan_sweep(
    combinations: Sequence[Sequence[str]],
    compose: Callable[[Sequence[str]], Config],
    folder: Path,
    console: Console,
) -> list[PlannedJob]:
    """Check all jobs of a sweep, and find those of which the store has a run.

    Args:
        combinations: the overrides of each job.
        compose: makes a configuration of overrides.
        folder: of the sweep.
        console: where long checks show how far they are.

    Raises:
        NnlabError: one of the jobs cannot be run, or the store cannot be read or written.
    """
    check_writable(folder)
    jobs = [plan_job(overrides, compose) for overrides in counted(combinations, "checking jobs", console)]
    if any(job.config.tracking["store"] != "none" for job in jobs):
        tracking.check_store(tracking.store_uri())
    with waiting(console, "asking the store which runs it has ..."):
        return with_runs(jobs)


def plan_run(overrides: Sequence[str], config: Config, folder: Path) -> PlannedJob:
    """Check a run that is no job of a sweep; it is always run.

    Raises:
        NnlabError: it cannot be run, or the store cannot be written.
    """
    check_writable(folder)
    job = plan_job(overrides, lambda _: config)
    if config.tracking["store"] != "none":
        tracking.check_store(tracking.store_uri())
    return job


def plan_job(overrides: Sequence[str], compose: Callable[[Sequence[str]], Config]) -> PlannedJob:
    """Check one job, of which nothing is asked of the store.

    Raises:
        NnlabError: it cannot be run.
    """
    config, dataset = check_job(compose(overrides), store=False)
    return PlannedJob(overrides, config, identity_of(config, dataset))


def with_runs(jobs: Sequence[PlannedJob]) -> list[PlannedJob]:
    """Return the jobs, with the runs that make some of them unnecessary.

    Those with `rerun=true` are always necessary, and those with `retry=failed` unless one has finished.

    Raises:
        TrackingError: the store cannot be read.
    """
    found: dict[tuple[str, str], tracking.RecordedRun] = {}
    asking = sorted((job.config.tracking["experiment"], job.identity) for job in jobs if _may_have_run(job.config))
    for experiment, pairs in groupby(asking, key=lambda pair: pair[0]):
        runs = tracking.find_recorded(tracking.store_uri(), experiment, [identity for _, identity in pairs])
        found |= {(experiment, identity): run for identity, run in runs.items()}
    return [_with_run(job, found.get((job.config.tracking["experiment"], job.identity))) for job in jobs]


def _may_have_run(config: Config) -> bool:
    return config.tracking["store"] != "none" and not config.rerun


def _with_run(job: PlannedJob, run: tracking.RecordedRun | None) -> PlannedJob:
    is_repeated = run is not None and run.status == tracking.FAILED and job.config.retry is not None
    return job if is_repeated or not _may_have_run(job.config) else replace(job, run=run)
