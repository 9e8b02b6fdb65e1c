"""What a command would do: its jobs, which of them are done, and what the rest takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.filesize import decimal

from nnlab.console.formatting import duration_text
from nnlab.console.tables import plan_table
from nnlab.jobs.estimate import estimates
from nnlab.jobs.overrides import by_key, varied
from nnlab.jobs.sweep_plan import FAILED, FINISHED, MISSING, PlannedJob


def show_plan(jobs: Sequence[PlannedJob], console: Console) -> None:
    """Print the jobs and what is known of each, then how long the missing ones take and how much room."""
    missing = [job for job in jobs if job.state == MISSING]
    taken = dict(zip(map(id, missing), estimates(missing, console), strict=True))
    columns = varied([by_key(job.overrides) for job in jobs])
    rows = [
        (values, job.state, duration_text(taken[id(job)].seconds) if id(job) in taken else "")
        for job, values in zip(jobs, columns, strict=True)
    ]
    console.print(plan_table(rows))
    counts = Counter(job.state for job in jobs)
    words = {MISSING: "to be run", FINISHED: "finished before", FAILED: "failed before (retry=failed repeats them)"}
    counted = ", ".join(f"{counts[state]} {words[state]}" for state in words if counts[state])
    console.print(f"{len(jobs)} {'job' if len(jobs) == 1 else 'jobs'}: {counted}")
    if missing:
        seconds, room = sum(each.seconds for each in taken.values()), sum(each.room for each in taken.values())
        console.print(f"about {duration_text(seconds)} on this machine, if no seed ends early, and {decimal(room)}")
    console.print("dry run: nothing was trained")
