"""Which part of several seeds' curves may be averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def comparable(history: pd.DataFrame) -> pd.DataFrame:
    """Return the epochs that all seeds reached, of the seeds that did not diverge (of all, if all did).

    Beyond them a mean would jump as seeds drop out, by early stopping or divergence, and look like learning.

    Args:
        history: a row per seed and epoch, with the columns seed, epoch and metrics.
    """
    losses = [column for column in history.columns if column.endswith("loss")]
    is_finite = np.isfinite(history[losses]).all(axis=1)
    diverged = set(history.loc[~is_finite, "seed"])
    kept = history[~history["seed"].isin(diverged)]
    if kept.empty:
        kept = history[is_finite]
    last = kept.groupby("seed")["epoch"].max().min()
    return kept[kept["epoch"] <= last]
