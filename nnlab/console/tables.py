"""Tables: the result of one job, the comparison of a sweep's jobs, its failures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.console import Group
from rich.table import Table

from nnlab.console.formatting import interval_text, margin_text
from nnlab.console.titles import titled
from nnlab.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from nnlab.training.result import Result, Seconds

_PARTS = ("train", "validation", "test")
_METRICS = ("loss", "accuracy", "r2")
_MOST_VARIED_BESIDE_VALIDATION = 3
_MOST_DIFFERENCES = 10


def result_table(result: Result) -> Group:
    """Return loss and score on each part of the split: mean over seeds with a 95% interval."""
    table = Table(box=box.SIMPLE)
    table.add_column(no_wrap=True)
    metrics = metrics_of(result.summary)
    for metric in metrics:
        table.add_column(metric, justify="right", no_wrap=True)
    for part in _PARTS:
        cells = [interval_text(metric, mean_interval(result.summary[f"{part}_{metric}"])) for metric in metrics]
        table.add_row(part, *cells)
    return titled(_title(result), table)


class ComparedJob(NamedTuple):
    """A row of a comparison: what varied in this job, and its summary with a row per seed."""

    number: int
    varied: dict[str, str]
    summary: pd.DataFrame


def comparison_table(jobs: list[ComparedJob]) -> Group:
    """Return what varied in a sweep against the results, a row per job."""
    table = Table(box=box.SIMPLE)
    for key in ["job", *jobs[0].varied]:
        table.add_column(key, overflow="fold")
    columns = _compared_columns(jobs)
    if any(job.summary["diverged"].any() for job in jobs):
        table.add_column("diverged", no_wrap=True)
    for part, metric in columns:
        table.add_column(f"{part} {metric}", justify="right", no_wrap=True)
    for job in jobs:
        cells = [_cell(job.summary, part, metric) for part, metric in columns]
        if any(column.header == "diverged" for column in table.columns):
            cells.insert(0, f"{job.summary['diverged'].sum()} of {len(job.summary)}")
        table.add_row(str(job.number), *job.varied.values(), *cells)
    return titled("mean over seeds ± half of its 95% interval", table)


def failure_table(failures: list[tuple[str, str, str]]) -> Group:
    """Return the jobs that failed: each job, its reason, and the file that holds the traceback."""
    return _text_table("Failed jobs", ("job", "reason", "traceback"), failures)


def origin_table(differences: list[tuple[str, str, str]]) -> Group:
    """Return what is not as it was when a run was recorded."""
    return _text_table("not as it was then", ("", "then", "now"), differences)


def _text_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Group:
    table = Table(box=box.SIMPLE)
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return titled(title, table)


def difference_table(differences: Sequence[tuple[str, int, float, float]]) -> Group:
    """Return the first numbers that came out otherwise than they are recorded: metric, step, then, now."""
    table = Table(box=box.SIMPLE)
    table.add_column("metric", overflow="fold")
    for header in ("epoch", "then", "now"):
        table.add_column(header, justify="right", no_wrap=True)
    for metric, step, *numbers in differences[:_MOST_DIFFERENCES]:
        table.add_row(metric, str(step or ""), *("-" if math.isnan(number) else f"{number:.9g}" for number in numbers))
    if len(differences) > _MOST_DIFFERENCES:
        table.add_row(f"... and {len(differences) - _MOST_DIFFERENCES} more", "", "", "")
    return titled("came out otherwise", table)


def plan_table(jobs: list[tuple[dict[str, str], str, str]]) -> Table:
    """Return the jobs of a sweep: what varies, what has become of each, and the time it will take."""
    table = Table(box=box.SIMPLE)
    for header in [*jobs[0][0], "state"]:
        table.add_column(header, overflow="fold")
    table.add_column("time", justify="right", no_wrap=True)
    for values, state, time in jobs:
        table.add_row(*values.values(), state, time)
    return table


def notes(result: Result) -> list[str]:
    """Return what a reader must know to read the table, a line each."""
    lines = [result.dataset.note] if result.dataset.note else []
    if result.dataset.task == "regression" and result.config.dataset["scale_targets"]:
        squared = "squared " if result.config.loss["name"] == "mean_squared_error" else ""
        lines.append(f"loss in {squared}standard deviations of the training targets")
    return [*lines, *head_lines(result)]


def seconds_text(seconds: Seconds) -> str:
    """Return where the time went, in one line; MLflow is imported beside compiling and training."""
    parts = {"compiling": seconds.compiling, "training": seconds.training, "logging": seconds.logging}
    if seconds.importing_mlflow:
        parts["importing MLflow"] = seconds.importing_mlflow
    return "seconds: " + " · ".join(f"{name} {value:.2f}" for name, value in parts.items())


def metrics_of(summary: pd.DataFrame) -> list[str]:
    """Return "loss" and the score of a summary: "accuracy" or "r2"."""
    return [metric for metric in _METRICS if f"test_{metric}" in summary]


def head_lines(result: Result) -> list[str]:
    """Return a line with the test accuracy of each head, where there are several."""
    start, end = "test_", "_accuracy"
    columns = [str(name) for name in result.summary.columns if name.startswith(start) and name.endswith(end)]
    shown = [
        f"{column.removeprefix(start).removesuffix(end)} {_accuracy_text(result.summary, column)}"
        for column in columns
        if column != "test_accuracy"
    ]
    return [f"heads, test accuracy: {' · '.join(shown)}"] if shown else []


def _accuracy_text(summary: pd.DataFrame, column: str) -> str:
    return interval_text("accuracy", mean_interval(summary[column]))


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
    counted = f"{seeds} seeds{ending} · mean [95% interval]" if seeds > 1 else f"1 seed{ending}"
    return f"{result.dataset.name} · {counted}"


def frame_table(frame: pd.DataFrame) -> Table:
    """Return the rows of a frame with numbers that can be read: four digits that matter."""
    table = Table(box=box.SIMPLE)
    for name in frame.columns:
        is_number = frame[name].dtype.kind in "if"
        table.add_column(str(name), justify="right" if is_number else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*[f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row])
    return table
