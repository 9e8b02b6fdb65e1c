"""The jobs of a sweep, read back from its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.jobs.overrides import by_key
from nnlab.jobs.results_folder import HISTORY_FILE, SUMMARY_FILE

if TYPE_CHECKING:
    import pandas as pd

FAILURE_FILE = "failure.txt"
_PRUNED_FILE = "pruned.txt"
_SWEEP_FILE = "multirun.yaml"  # the configuration of the sweep, as Hydra's own sweeper calls it
_JOBS_FILE = "jobs.txt"  # the overrides of all jobs, a line each
_JOB_FILE = "job.json"  # what a job is; quicker to read than what Hydra writes
_STOP_FILE = "stopped"  # by the first failure
_ENDS = (SUMMARY_FILE, FAILURE_FILE, _PRUNED_FILE)  # of which a job that has ended has one


@dataclass(frozen=True)
class SweepJob:
    """One job of a sweep as its folder tells it; it has results, or a failure, or was pruned."""

    number: int
    overrides: dict[str, str]
    folder: Path
    is_earlier: bool  # whether it was not run in this sweep, as the store had a run of it

    @property
    def line(self) -> str:
        """Its overrides in one line."""
        return _line(self.overrides)

    @property
    def is_pruned(self) -> bool:
        """Whether it was a trial of a search that was ended early."""
        return (self.folder / _PRUNED_FILE).exists()

    @property
    def failure(self) -> str:
        """The reason why the job failed, in one line; empty if it did not."""
        path = self.folder / FAILURE_FILE
        return path.read_text(encoding="utf-8").partition("\n")[0] if path.exists() else ""

    def summary(self) -> pd.DataFrame:
        """Read the results, a row per seed."""
        import pandas as pd  # noqa: PLC0415

        return pd.read_csv(self.folder / SUMMARY_FILE)

    def history(self) -> pd.DataFrame:
        """Read the curves, a row per seed and epoch."""
        import pandas as pd  # noqa: PLC0415

        return pd.read_csv(self.folder / HISTORY_FILE)


def sweep_jobs(folder: Path) -> list[SweepJob]:
    """Return the jobs that ended in the latest sweep of a folder, in the order in which the sweep names them.

    Jobs may lie at any depth, since `hydra.sweep.subdir` is the user's; files older than the sweep are not its own.
    """
    jobs = [_read_job(job) for job in _ended(folder)]
    places = {line: place for place, line in enumerate(_planned(folder))}
    return sorted(jobs, key=lambda job: (places.get(job.line, 0), job.number))


def count_ended(folder: Path) -> int:
    """Return how many jobs have ended in the latest sweep of a folder."""
    return len(_ended(folder))


def _ended(folder: Path) -> list[Path]:
    """Return the folders of the jobs that have ended."""
    began = _began(folder)
    ends = [path for name in _ENDS for path in folder.rglob(name) if path.stat().st_mtime >= began]
    return [job for job in dict.fromkeys(path.parent for path in ends) if (job / _JOB_FILE).exists()]


def _began(folder: Path) -> float:
    path = folder / _SWEEP_FILE
    return path.stat().st_mtime if path.exists() else 0.0


def begin_sweep(folder: Path, configuration: str, jobs: Sequence[Sequence[str]]) -> None:
    """Make the folder of a sweep, with its configuration as YAML and the overrides of its jobs."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _STOP_FILE).unlink(missing_ok=True)
    (folder / _SWEEP_FILE).write_text(configuration, encoding="utf-8")
    (folder / _JOBS_FILE).write_text("".join(f"{line_of(job)}\n" for job in jobs), encoding="utf-8")


def line_of(overrides: Sequence[str]) -> str:
    """Return the overrides of a job in one line, without those for the launcher; its results are known by it."""
    return _line({key: value for key, value in by_key(overrides).items() if not key.startswith("hydra.")})


def jobs_not_begun(folder: Path) -> int:
    """Return how many jobs of the latest sweep in a folder have neither results nor a failure."""
    return max(0, len(_planned(folder)) - count_ended(folder))


def write_job(folder: Path, number: int, overrides: Sequence[str], *, is_earlier: bool = False) -> None:
    """Write down what a job is, and remove what an earlier one left in a folder that is used again.

    Args:
        folder: of the job.
        number: of the job.
        overrides: of the job.
        is_earlier: whether the job was not run in this sweep, as the store had a run of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _ENDS:
        (folder / name).unlink(missing_ok=True)
    content = {"number": number, "overrides": list(overrides), "earlier": is_earlier}
    (folder / _JOB_FILE).write_text(json.dumps(content) + "\n", encoding="utf-8")


def write_failure(folder: Path, reason: str, details: str) -> None:
    """Write why a job failed: a line, then the details."""
    (folder / FAILURE_FILE).write_text(f"{' '.join(reason.split())}\n\n{details}\n", encoding="utf-8")


def write_pruned(folder: Path, reason: str) -> None:
    """Write why a trial of a search was ended early."""
    (folder / _PRUNED_FILE).write_text(f"{reason}\n", encoding="utf-8")


def stop_sweep(folder: Path) -> None:
    """Have no further job of a sweep begin, wherever it runs."""
    (folder / _STOP_FILE).touch()


def begun_lines(folder: Path) -> set[str]:
    """Return the lines of the jobs that have begun in the latest sweep of a folder."""
    began = _began(folder)
    jobs = [_read_job(path.parent) for path in folder.rglob(_JOB_FILE) if path.stat().st_mtime >= began]
    return {job.line for job in jobs if not job.is_earlier}


def ended_lines(folder: Path) -> set[str]:
    """Return the lines of the jobs that have ended in the latest sweep of a folder."""
    return {job.line for job in sweep_jobs(folder)}


def has_stopped(folder: Path) -> bool:
    """Tell whether no further job of a sweep is to begin."""
    return (folder / _STOP_FILE).exists()


def _planned(folder: Path) -> list[str]:
    path = folder / _JOBS_FILE
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _line(overrides: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in overrides.items())


def _read_job(folder: Path) -> SweepJob:
    content = json.loads((folder / _JOB_FILE).read_text(encoding="utf-8"))
    return SweepJob(content["number"], by_key(content["overrides"]), folder, content["earlier"])
