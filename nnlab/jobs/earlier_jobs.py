"""Jobs of a sweep that need not be run: their results are brought into its folder, to be compared with others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from nnlab import tracking
from nnlab.console import show_warning
from nnlab.console.counting import counted
from nnlab.errors import TrackingError
from nnlab.jobs.results_folder import HISTORY_FILE, SUMMARY_FILE
from nnlab.jobs.sweep_folder import write_failure, write_job
from nnlab.jobs.sweep_plan import FINISHED, PlannedJob

_FILES = (SUMMARY_FILE, HISTORY_FILE)


def bring_earlier(jobs: Sequence[PlannedJob], folder: Path, first: int, console: Console) -> set[str]:
    """Make a folder for each job, numbered from `first` on; return the identities of the jobs that need not be run.

    What the store has no files of, or none that can be reached from here, has to be.
    """
    brought = set()
    for number, job in enumerate(counted(jobs, "fetching earlier results", console), start=first):
        try:
            _bring(job, folder / str(number), number)
        except TrackingError as error:
            show_warning(f"{' '.join(job.overrides)} is trained anew: {error}")
        else:
            brought.add(job.identity)
    return brought


def _bring(job: PlannedJob, folder: Path, number: int) -> None:
    if job.run is None:
        return
    if job.state != FINISHED:
        reason = job.run.reason or "no reason is recorded"
        write_job(folder, number, job.overrides, is_earlier=True)
        write_failure(folder, f"failed before ({reason}): retry=failed trains it again", f"run {job.run.run_id}")
        return
    with TemporaryDirectory(prefix="nnlab-") as temporary:
        tracking.fetch_run_files(tracking.store_uri(), job.run.run_id, _FILES, Path(temporary))
        write_job(folder, number, job.overrides, is_earlier=True)
        for name in _FILES:  # written anew: older files in the folder of a sweep are not its own
            (folder / name).write_bytes(Path(temporary, name).read_bytes())
