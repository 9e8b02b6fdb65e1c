"""Tables: the result of one job, the comparison of a sweep's jobs, its failures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.table import Table

from nnlab.console.formatting import interval_text, margin_text
from nnlab.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from nnlab.training.result import Result, Seconds

_PARTS = ("train", "validation", "test")
_MOST_VARIED_BESIDE_VALIDATION = 3


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


class ComparedJob(NamedTuple):
    """A row of a comparison: what varied in this job, and its summary with a row per seed."""

    number: int
    varied: dict[str, str]
    summary: pd.DataFrame


def comparison_table(jobs: list[ComparedJob]) -> Table:
    """Return what varied in a sweep against the results, a row per job."""
    table = Table(box=box.SIMPLE, title="mean over seeds ± half of its 95% interval", title_justify="left")
    for key in ["job", *jobs[0].varied]:
        table.add_column(key, overflow="fold")
    columns = _compared_columns(jobs)
    for part, metric in columns:
        table.add_column(f"{part} {metric}", justify="right", no_wrap=True)
    for job in jobs:
        cells = [_cell(job.summary, part, metric) for part, metric in columns]
        table.add_row(str(job.number), *job.varied.values(), *cells)
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


def _compared_columns(jobs: list[ComparedJob]) -> list[tuple[str, str]]:
    """Return the columns of results: test and, where there is room, validation score, and training loss."""
    scores = list(dict.fromkeys(metrics_of(job.summary)[-1] for job in jobs))
    has_room = len(scores) == 1 and len(jobs[0].varied) <= _MOST_VARIED_BESIDE_VALIDATION
    parts = ("test", "validation") if has_room else ("test",)
    return [(part, score) for score in scores for part in parts] + [("train", "loss")]


def _cell(summary: pd.DataFrame, part: str, metric: str) -> str:
    column = f"{part}_{metric}"
    return margin_text(metric, mean_interval(summary[column])) if column in summary else ""


def _title(result: Result) -> str:
    diverged = int(result.summary["diverged"].sum())
    seeds = len(result.replicates)
    ending = f", {diverged} of them diverged" if diverged else ""
    return f"{result.dataset.name} · {seeds} seed{'s' if seeds > 1 else ''}{ending} · mean [95% interval]"
