"""The jobs of a sweep, read back from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
