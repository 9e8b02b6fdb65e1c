"""Turns numbers and frames of a training into points of metrics."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from nnlab.training.curves import comparable

if TYPE_CHECKING:
    import pandas as pd

_HAS_CURVE = ("train_", "validation_")


Numbers = dict[tuple[str, int], float]  # of metrics, by their names and steps


class Point(NamedTuple):
    """One value of a metric; the step is an epoch, the time is in milliseconds since 1970."""

    key: str
    value: float
    step: int
    milliseconds: int


def now() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def plain_points(metrics: Mapping[str, float]) -> list[Point]:
    """Return points at step 0, now."""
    time_now = now()
    return [Point(name, float(value), 0, time_now) for name, value in metrics.items()]


def epoch_points(seed: int, epoch: int, time_now: int, metrics: Mapping[Any, float]) -> list[Point]:
    """Return the points of one seed's curves at one epoch, such as "seed_0/train_loss"."""
    return [Point(f"seed_{seed}/{name}", float(value), epoch, time_now) for name, value in metrics.items()]


def mean_curve_points(history: pd.DataFrame, times: Mapping[int, int]) -> list[Point]:
    """Return the points of the curves' means over seeds, such as "mean/train_loss", where seeds can be compared.

    With that prefix the UI shows their charts above those of the single seeds.

    Args:
        history: a row per seed and epoch, with the columns seed, epoch and metrics.
        times: when each epoch was reached, in milliseconds since 1970; now, for those not in it.
    """
    means = _finite(comparable(history).drop(columns="seed")).groupby("epoch").mean()
    epochs, time_now = [int(epoch) for epoch in means.index], now()
    return [
        Point(f"mean/{name}", float(value), epoch, times.get(epoch, time_now))
        for name, column in means.items()
        for epoch, value in zip(epochs, column, strict=True)
    ]


def summary_points(summary: pd.DataFrame) -> list[Point]:
    """Return each seed's numbers ("seed_0/test_accuracy") and their means over seeds ("test_accuracy").

    Names that have a curve as well get the prefix "final_". Seeds without a finite value do not count.

    Args:
        summary: a row per seed, with the column seed; columns that are not numeric are left out.
    """
    numbers = _finite(summary.set_index("seed")).rename(columns=_final_name)
    points = plain_points({str(name): value for name, value in numbers.mean().items()})
    for seed, row in numbers.iterrows():
        points += plain_points({f"seed_{seed}/{name}": value for name, value in row.items()})
    return points


def recorded_numbers(history: pd.DataFrame, summary: pd.DataFrame) -> Numbers:
    """Return all numbers that a run with these results has in the store, by the names and steps of the metrics.

    Args:
        history: a row per seed and epoch, with the columns seed, epoch and metrics.
        summary: a row per seed, with the column seed.
    """
    names = [name for name in history.columns if name not in ("seed", "epoch")]
    rows = zip(history["seed"], history["epoch"], history[names].to_dict("records"), strict=True)
    points = [point for seed, epoch, row in rows for point in epoch_points(seed, epoch, 0, row)]
    points += [*mean_curve_points(history, {}), *summary_points(summary)]
    return {(point.key, point.step): point.value for point in points if math.isfinite(point.value)}


def _final_name(name: str) -> str:
    return f"final_{name}" if name.startswith(_HAS_CURVE) else name


def _finite(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numeric columns, with infinity made NaN, which means leave out."""
    return frame.select_dtypes("number").replace([math.inf, -math.inf], math.nan)
