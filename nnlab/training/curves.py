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
    is_finite = np.isfinite(history.filter(regex="loss$").to_numpy()).all(axis=1)
    diverged = history["seed"].isin(history["seed"].to_numpy()[~is_finite])
    kept = history.loc[is_finite] if diverged.all() else history.loc[~diverged]
    last = kept.groupby("seed")["epoch"].max().min()
    reached: pd.DataFrame = kept.loc[kept["epoch"] <= last]
    return reached
