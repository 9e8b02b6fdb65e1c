"""Reads a claim's metrics from what a job measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nnlab.claims.claim import Metric
from nnlab.errors import ConfigurationError, bad_value, unknown_name

if TYPE_CHECKING:
    import pandas as pd

_ERROR, _ACCURACY = "_error", "_accuracy"
_PARTS = ("train", "validation", "test")
_DIVERGED, _EPOCHS = "diverged", "epochs"
_BEST_NOTE = "a value on validation data; early_stopping.restore_best=true reads all others at the best epoch, too"


def check_metric(where: str, metric: Metric, task: str) -> None:
    """Refuse a metric that a training on data of a task does not measure, or not at that time.

    Raises:
        ConfigurationError: that is so.
    """
    scores = ("loss", "r2") if task == "regression" else ("loss", "accuracy", "error")
    known = [f"{part}_{score}" for part in _PARTS for score in scores]
    if metric.less is not None:
        if metric.name not in known:
            raise bad_value(f"{where}.name", metric.name, f"one of {', '.join(known)}, as something is taken off")
        check_metric(f"{where}.less", replace(metric, name=metric.less, less=None), task)
    if metric.name not in (*known, _DIVERGED, _EPOCHS):
        raise unknown_name(where, metric.name, [*known, _DIVERGED, _EPOCHS])
    if metric.read == "best" and not metric.name.startswith("validation_"):
        raise bad_value(f"{where}.name", metric.name, _BEST_NOTE)
    if metric.read == "area" and (metric.name not in known or metric.name.startswith("test_")):
        raise bad_value(f"{where}.read", metric.read, "end, as there is no curve of it")


def read_metric(metric: Metric, summary: pd.DataFrame, history: pd.DataFrame) -> dict[int, float]:
    """Return what was measured of each seed; NaN where it diverged.

    Args:
        metric: what to read, and when.
        summary: a row per seed.
        history: a row per seed and epoch.
    """
    if metric.less is not None:
        taken = read_metric(replace(metric, name=metric.less, less=None), summary, history)
        return {seed: value - taken[seed] for seed, value in _read(metric, summary, history).items()}
    return _read(metric, summary, history)


def _read(metric: Metric, summary: pd.DataFrame, history: pd.DataFrame) -> dict[int, float]:
    column = _column(metric)
    if metric.read == "area":
        values = history.groupby("seed")[column].mean().reindex(summary["seed"]).to_numpy(dtype=float)
    else:
        values = summary[column].to_numpy(dtype=float)
    if metric.name not in (_DIVERGED, _EPOCHS):
        values = np.where(summary[_DIVERGED].to_numpy(dtype=bool), np.nan, values)
    if metric.name.endswith(_ERROR):
        values = 100 * (1 - values)
    return {int(seed): float(value) for seed, value in zip(summary["seed"], values, strict=True)}


def _column(metric: Metric) -> str:
    name = metric.name.removesuffix(_ERROR) + _ACCURACY if metric.name.endswith(_ERROR) else metric.name
    return f"best_{name}" if metric.read == "best" else name


def check_objective(objective: str, task: str) -> None:
    """Refuse to tune on anything but validation data.

    Raises:
        ConfigurationError: that is so.
    """
    if not objective.startswith("validation_"):
        raise ConfigurationError(f"tuning.objective={objective} is not allowed: values are chosen on validation data")
    check_metric("tuning.objective", Metric(objective), task)
