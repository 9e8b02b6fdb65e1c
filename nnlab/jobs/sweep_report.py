"""What the jobs of a sweep say side by side: a table, a figure, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from nnlab.console.tables import ComparedJob, comparison_table, failure_table
from nnlab.figures.learning_curves import learning_curves
from nnlab.jobs.results_folder import whole_file
from nnlab.jobs.sweep_folder import FinishedJob, failed_jobs, finished_jobs


def report_sweep(folder: Path, console: Console) -> bool:
    """Print and draw the comparison of a sweep's jobs; return whether all of them finished."""
    jobs = finished_jobs(folder)
    failures = failed_jobs(folder)
    if jobs:
        varied = varied_overrides(jobs)
        compared = [ComparedJob(job.number, varied[job.number], job.summary) for job in jobs]
        console.print(comparison_table(compared))
        console.print(f"learning curves of all jobs: {_figure(folder, jobs, varied)}", soft_wrap=True)
    if failures:
        console.print(failure_table(failures))
    return not failures


def varied_overrides(jobs: list[FinishedJob]) -> dict[int, dict[str, str]]:
    """Return, by job number, the overrides in which the jobs differ; all of them where none does."""
    keys = list(dict.fromkeys(key for job in jobs for key in job.overrides))
    differing = [key for key in keys if len({job.overrides.get(key) for job in jobs}) > 1]
    return {job.number: {key: job.overrides.get(key, "") for key in differing or keys} for job in jobs}


def _figure(folder: Path, jobs: list[FinishedJob], varied: Mapping[int, Mapping[str, str]]) -> Path:
    """Draw all learning curves in one figure, labelled with what varied."""
    labels = [" ".join(f"{key}={value}" for key, value in varied[job.number].items()) for job in jobs]
    histories = {label or str(job.number): job.history for label, job in zip(labels, jobs, strict=True)}
    path = folder / "learning_curves.png"
    with whole_file(path) as temporary:
        learning_curves(histories).savefig(temporary, format="png", dpi=110)
    return path
