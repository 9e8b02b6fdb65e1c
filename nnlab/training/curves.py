"""Which part of several seeds' curves may be averaged, and their means in the band of all seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from pandas.core.groupby import SeriesGroupBy

Band = dict[str, list[float]]  # "epoch", and of each over the seeds the "mean", "min" and "max"


def comparable(history: pd.DataFrame) -> pd.DataFrame:
    """Return the epochs that all seeds reached, of the seeds that did not diverge (of all, if all did).

    Beyond them a mean would jump as seeds drop out, by early stopping or divergence, and look like learning.

    Args:
        history: a row per seed and epoch, with the columns seed, epoch and metrics.
    """
    is_finite = np.isfinite(history.filter(regex="loss$").to_numpy()).all(axis=1)
    diverged = history["seed"].isin(history["seed"].to_numpy()[~is_finite])
    kept = history.loc[is_finite] if diverged.all() else history.loc[~diverged]
    last = kept.groupby("seed")["epoch"].max().min()
    reached: pd.DataFrame = kept.loc[kept["epoch"] <= last]
    return reached


def bands(history: pd.DataFrame) -> dict[str, Band]:
    """Return, by their columns, the curves of training and validation: the mean over seeds, lowest and highest.

    Args:
        history: a row per seed and epoch; only what is comparable counts.
    """
    by_epoch = comparable(history).groupby("epoch")
    columns = [str(name) for name in history if str(name).startswith(("train_", "validation_"))]
    return {column: _band(by_epoch[column]) for column in columns if not history[column].isna().all()}


def _band(by_epoch: SeriesGroupBy[Any, Any]) -> Band:
    columns = by_epoch.agg(["mean", "min", "max"]).reset_index()
    return {str(name): list(values) for name, values in columns.items()}


def merged_bands(one: Band, other: Band, weights: tuple[int, int]) -> Band:
    """Return the curve of two groups of seeds at the epochs that both have, weighted with their numbers of seeds."""
    places = [
        (one["epoch"].index(epoch), other["epoch"].index(epoch)) for epoch in one["epoch"] if epoch in other["epoch"]
    ]
    first, second = weights
    share = first / (first + second)
    return {
        "epoch": [one["epoch"][i] for i, _ in places],
        "mean": [share * one["mean"][i] + (1 - share) * other["mean"][j] for i, j in places],
        "min": [min(one["min"][i], other["min"][j]) for i, j in places],
        "max": [max(one["max"][i], other["max"][j]) for i, j in places],
    }
