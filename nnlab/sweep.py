"""The jobs of a sweep, read back from its folder, and what they say side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from nnlab.console.tables import comparison_table, failure_table
from nnlab.figures.learning_curves import learning_curves
from nnlab.results_folder import whole_file

if TYPE_CHECKING:
    import pandas as pd

FAILURE_FILE = "failure.txt"


@dataclass(frozen=True)
class FinishedJob:
    """One job of a sweep as its folder tells it."""

    number: int
    overrides: dict[str, str]
    summary: pd.DataFrame
    history: pd.DataFrame


def report_sweep(folder: Path, console: Console) -> bool:
    """Print and draw the comparison of a sweep's jobs; return whether all of them finished."""
    jobs = finished_jobs(folder)
    failures = failed_jobs(folder)
    if jobs:
        console.print(comparison_table(jobs))
        console.print(f"learning curves of all jobs: {_figure(folder, jobs)}", soft_wrap=True)
    if failures:
        console.print(failure_table(failures))
    return not failures


def finished_jobs(folder: Path) -> list[FinishedJob]:
    """Return the jobs that left a summary, in the order of their numbers."""
    import pandas as pd  # noqa: PLC0415

    return [
        FinishedJob(
            number=int(path.parent.name),
            overrides=_overrides(path.parent),
            summary=pd.read_csv(path),
            history=pd.read_csv(path.with_name("history.csv")),
        )
        for path in _job_files(folder, "summary.csv")
    ]


def failed_jobs(folder: Path) -> dict[str, str]:
    """Return the reason of each job that failed, by its number and overrides."""
    return {
        _label(path.parent): path.read_text(encoding="utf-8").partition("\n")[0]
        for path in _job_files(folder, FAILURE_FILE)
    }


def _job_files(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"*/{name}"), key=lambda path: int(path.parent.name))


def _overrides(job_folder: Path) -> dict[str, str]:
    import yaml  # noqa: PLC0415

    listed = yaml.safe_load((job_folder / ".hydra" / "overrides.yaml").read_text(encoding="utf-8"))
    return dict(override.lstrip("+").partition("=")[::2] for override in listed)


def _label(job_folder: Path) -> str:
    overrides = (f"{key}={value}" for key, value in _overrides(job_folder).items())
    return f"{job_folder.name} {' '.join(overrides)}"


def _figure(folder: Path, jobs: list[FinishedJob]) -> Path:
    """Draw all learning curves in one figure, labelled with what varied."""
    varied = [key for key in jobs[0].overrides if len({job.overrides.get(key) for job in jobs}) > 1]
    labels = [" ".join(f"{key}={job.overrides.get(key)}" for key in varied) or str(job.number) for job in jobs]
    path = folder / "learning_curves.png"
    with whole_file(path) as temporary:
        figure = learning_curves({label: job.history for label, job in zip(labels, jobs, strict=True)})
        figure.savefig(temporary, format="png", dpi=110)
    return path
