"""What the jobs of a sweep say side by side: a table, a figure, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from nnlab.console.tables import ComparedJob, comparison_table, failure_table
from nnlab.figures.learning_curves import learning_curves_figure
from nnlab.files import whole_file
from nnlab.jobs.overrides import varied
from nnlab.jobs.results_folder import FIGURE_FILE
from nnlab.jobs.sweep_folder import FAILURE_FILE, SweepJob, jobs_not_begun, sweep_jobs


def report_sweep(folder: Path, console: Console, *, with_figure: bool) -> bool:
    """Print, and draw with a figure, the comparison of a sweep's jobs; return whether there are any and none failed."""
    jobs = sweep_jobs(folder)
    values = varied([job.overrides for job in jobs])
    labels = {job.number: value for job, value in zip(jobs, values, strict=True)}
    finished = [job for job in jobs if not job.failure and not job.is_pruned]
    failed = [job for job in jobs if job.failure]
    if finished:
        console.print(
            comparison_table([ComparedJob(job.number, labels[job.number], job.summary()) for job in finished])
        )
    if finished and with_figure:
        figure = _figure(folder, finished, labels)
        here = Path.cwd()
        shown = figure.relative_to(here) if figure.is_relative_to(here) else figure
        console.print(f"learning curves of all jobs: {shown}", soft_wrap=True)
    for note in _notes(folder, jobs):
        console.print(note)
    if failed:
        rows = [
            (f"{job.number} {_label(labels[job.number])}", job.failure, str(job.folder / FAILURE_FILE))
            for job in failed
        ]
        console.print(failure_table(rows))
    return bool(finished) and not failed


def _notes(folder: Path, jobs: list[SweepJob]) -> list[str]:
    """Return how many jobs need not, or could not, be run to their end."""
    counts = {
        "of {} jobs had been run before; rerun=true trains them anew": sum(job.is_earlier for job in jobs),
        "of {} trials were pruned, as earlier ones had fared better": sum(job.is_pruned for job in jobs),
        "of the sweep's jobs not run": jobs_not_begun(folder),
    }
    return [f"{count} {text.format(len(jobs))}" for text, count in counts.items() if count]


def _label(varied: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in varied.items())


def _figure(folder: Path, jobs: list[SweepJob], labels: Mapping[int, Mapping[str, str]]) -> Path:
    """Draw all learning curves in one figure, labelled with what varied."""
    histories = {_label(labels[job.number]) or str(job.number): job.history() for job in jobs}
    path = folder / FIGURE_FILE
    with whole_file(path) as temporary:
        learning_curves_figure(histories).savefig(temporary, format="png", dpi=110)
    return path
