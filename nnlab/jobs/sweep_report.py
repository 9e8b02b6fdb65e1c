"""What the jobs of a sweep say side by side: a table, a figure, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from nnlab.console.tables import ComparedJob, comparison_table, failure_table
from nnlab.figures.learning_curves import learning_curves
from nnlab.files import whole_file
from nnlab.jobs.sweep_folder import FAILURE_FILE, SweepJob, sweep_jobs


def report_sweep(folder: Path, console: Console) -> bool:
    """Print and draw the comparison of a sweep's jobs; return whether there are any and none failed."""
    jobs = sweep_jobs(folder)
    varied = varied_overrides(jobs)
    finished = [job for job in jobs if not job.failure]
    failed = [job for job in jobs if job.failure]
    if finished:
        console.print(
            comparison_table([ComparedJob(job.number, varied[job.number], job.summary()) for job in finished])
        )
        console.print(f"learning curves of all jobs: {_figure(folder, finished, varied)}", soft_wrap=True)
    if failed:
        rows = [
            (f"{job.number} {_label(varied[job.number])}", job.failure, str(job.folder / FAILURE_FILE))
            for job in failed
        ]
        console.print(failure_table(rows))
    return bool(finished) and not failed


def varied_overrides(jobs: list[SweepJob]) -> dict[int, dict[str, str]]:
    """Return, by job number, the overrides in which the jobs differ; all of them where none does."""
    keys = list(dict.fromkeys(key for job in jobs for key in job.overrides))
    differing = [key for key in keys if len({job.overrides.get(key) for job in jobs}) > 1]
    return {job.number: {key: job.overrides.get(key, "") for key in differing or keys} for job in jobs}


def _label(varied: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in varied.items())


def _figure(folder: Path, jobs: list[SweepJob], varied: Mapping[int, Mapping[str, str]]) -> Path:
    """Draw all learning curves in one figure, labelled with what varied."""
    histories = {_label(varied[job.number]) or str(job.number): job.history() for job in jobs}
    path = folder / "learning_curves.png"
    with whole_file(path) as temporary:
        learning_curves(histories).savefig(temporary, format="png", dpi=110)
    return path
