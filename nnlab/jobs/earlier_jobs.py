"""Jobs of a sweep that need not be run: their results are brought into its folder, to be compared with others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from nnlab import tracking
from nnlab.console.counting import counted
from nnlab.errors import TrackingError
from nnlab.jobs.results_folder import HISTORY_FILE, SUMMARY_FILE
from nnlab.jobs.sweep_folder import write_failure, write_job
from nnlab.jobs.sweep_plan import FINISHED, PlannedJob


def bring_earlier(jobs: Sequence[PlannedJob], folder: Path, first: int, console: Console) -> Iterator[str]:
    """Make a folder for each job, numbered from `first` on; yield a line about each that the store has no files of."""
    for number, job in enumerate(counted(jobs, "fetching earlier results", console), start=first):
        if job.run is None:
            continue
        own = folder / str(number)
        write_job(own, number, job.overrides, is_earlier=True)
        if job.state != FINISHED:
            reason = job.run.reason or "no reason is recorded"
            write_failure(own, f"failed before ({reason}): retry=failed trains it again", f"run {job.run.run_id}")
            continue
        try:
            _fetch(job.run.run_id, own)
        except TrackingError as error:
            yield f"job {number} is not compared: {error}; rerun=true trains it again"


def _fetch(run_id: str, folder: Path) -> None:
    names = (SUMMARY_FILE, HISTORY_FILE)
    tracking.fetch_run_files(tracking.store_uri(), run_id, names, folder)
    for name in names:
        os.utime(folder / name)  # now: older files in the folder of a sweep are not its own
