"""Tables: the result of one job, the comparison of a sweep's jobs, its failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from nnlab.console.formatting import interval_text, margin_text
from nnlab.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from nnlab.sweep import FinishedJob
    from nnlab.training.result import Result, Seconds

_PARTS = ("train", "validation", "test")


def result_table(result: Result) -> Table:
    """Return loss and score on each part of the split: mean over seeds with a 95% interval."""
    table = Table(box=box.SIMPLE, title=_title(result), title_justify="left", title_style="bold")
    table.add_column()
    for part in _PARTS:
        table.add_column(part, justify="right", no_wrap=True)
    for metric in metrics_of(result.summary):
        cells = [interval_text(metric, mean_interval(result.summary[f"{part}_{metric}"])) for part in _PARTS]
        table.add_row(metric, *cells)
    return table


def comparison_table(jobs: list[FinishedJob]) -> Table:
    """Return what varied in a sweep against the results, a row per job."""
    varied = list(dict.fromkeys(key for job in jobs for key in job.overrides))
    metrics = list(dict.fromkeys(metric for job in jobs for metric in metrics_of(job.summary)))
    table = Table(box=box.SIMPLE, title="mean over seeds ± half of its 95% interval", title_justify="left")
    for key in ["job", *varied]:
        table.add_column(key, no_wrap=True)
    columns = [("test", metrics[-1]), ("validation", metrics[-1]), ("train", "loss")] if metrics else []
    for part, metric in columns:
        table.add_column(f"{part} {metric}", justify="right", no_wrap=True)
    for job in jobs:
        cells = [margin_text(m, mean_interval(job.summary[f"{part}_{m}"])) for part, m in columns]
        table.add_row(str(job.number), *(job.overrides.get(key, "") for key in varied), *cells)
    return table


def failure_table(failures: dict[str, str]) -> Table:
    """Return the jobs that failed, each with its reason."""
    table = Table(box=box.SIMPLE, title="Failed jobs", title_justify="left")
    table.add_column("job")
    table.add_column("reason", overflow="fold")
    for job, reason in failures.items():
        table.add_row(job, reason)
    return table


def seconds_text(seconds: Seconds) -> str:
    """Return where the time went, in one line."""
    parts = {"compiling": seconds.compiling, "training": seconds.training, "logging": seconds.logging}
    return "seconds: " + " · ".join(f"{name} {value:.2f}" for name, value in parts.items())


def metrics_of(summary: pd.DataFrame) -> list[str]:
    """Return "loss" and the score of a summary: "accuracy" or "r2"."""
    return [column.removeprefix("test_") for column in summary.columns if column.startswith("test_")]


def _title(result: Result) -> str:
    diverged = int(result.summary["diverged"].sum())
    seeds = len(result.replicates)
    ending = f", {diverged} of them diverged" if diverged else ""
    return f"{result.dataset.name} · {seeds} seed{'s' if seeds > 1 else ''}{ending} · mean [95% interval]"
