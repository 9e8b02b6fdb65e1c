"""The jobs of a sweep, read back from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnlab.jobs.overrides import by_key

if TYPE_CHECKING:
    import pandas as pd

FAILURE_FILE = "failure.txt"
_SUMMARY_FILE = "summary.csv"
_SWEEP_FILE = "multirun.yaml"  # Hydra writes it when a sweep begins


@dataclass(frozen=True)
class SweepJob:
    """One job of a sweep as its folder tells it; it has either results or a failure."""

    number: int
    overrides: dict[str, str]
    folder: Path

    @property
    def failure(self) -> str:
        """The reason why the job failed, in one line; empty if it did not."""
        path = self.folder / FAILURE_FILE
        return path.read_text(encoding="utf-8").partition("\n")[0] if path.exists() else ""

    def summary(self) -> pd.DataFrame:
        """Read the results, a row per seed."""
        import pandas as pd  # noqa: PLC0415

        return pd.read_csv(self.folder / _SUMMARY_FILE)

    def history(self) -> pd.DataFrame:
        """Read the curves, a row per seed and epoch."""
        import pandas as pd  # noqa: PLC0415

        return pd.read_csv(self.folder / "history.csv")


def sweep_jobs(folder: Path) -> list[SweepJob]:
    """Return the jobs that ended in the latest sweep of a folder, in the order of their numbers.

    Jobs may lie at any depth, since `hydra.sweep.subdir` is the user's; files older than the sweep are not its own.
    """
    began = (folder / _SWEEP_FILE).stat().st_mtime if (folder / _SWEEP_FILE).exists() else 0.0
    ended = [path for name in (_SUMMARY_FILE, FAILURE_FILE) for path in folder.rglob(name)]
    jobs = [_read_job(path.parent) for path in ended if path.stat().st_mtime >= began]
    return sorted(jobs, key=lambda job: job.number)


def forget_earlier(folder: Path) -> None:
    """Remove what an earlier job left in a folder that is used again, so that it is not taken for this one's."""
    for name in (_SUMMARY_FILE, FAILURE_FILE):
        (folder / name).unlink(missing_ok=True)


def _read_job(folder: Path) -> SweepJob:
    number = _yaml(folder / ".hydra" / "hydra.yaml")["hydra"]["job"]["num"]
    return SweepJob(int(number), by_key(_yaml(folder / ".hydra" / "overrides.yaml")), folder)


def _yaml(path: Path) -> Any:
    import yaml  # noqa: PLC0415

    return yaml.safe_load(path.read_text(encoding="utf-8"))
