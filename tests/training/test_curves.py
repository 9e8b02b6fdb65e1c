"""Means over seeds are taken where seeds can be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nnlab.training.curves import comparable


def history(lengths: dict[int, int]) -> pd.DataFrame:
    rows = [(seed, epoch, 1.0 / epoch) for seed, length in lengths.items() for epoch in range(1, length + 1)]
    return pd.DataFrame(rows, columns=["seed", "epoch", "train_loss"])


def test_a_mean_ends_where_the_first_seed_ended() -> None:
    kept = comparable(history({0: 5, 1: 3, 2: 9}))
    assert set(kept["epoch"]) == {1, 2, 3}
    assert set(kept["seed"]) == {0, 1, 2}


def test_a_seed_that_diverged_is_left_out_altogether() -> None:
    frame = history({0: 5, 1: 2})
    frame.loc[(frame["seed"] == 1) & (frame["epoch"] == 2), "train_loss"] = np.nan
    kept = comparable(frame)
    assert set(kept["seed"]) == {0}
    assert set(kept["epoch"]) == {1, 2, 3, 4, 5}


def test_where_all_diverged_what_is_finite_stays() -> None:
    frame = history({0: 3, 1: 2})
    frame.loc[frame["epoch"] == 2, "train_loss"] = np.inf
    frame.loc[frame["epoch"] == 3, "train_loss"] = np.nan
    assert list(comparable(frame)["epoch"]) == [1, 1]
