"""Stops are drawn where trainings ended, and stars where their best epochs were."""

from __future__ import annotations

import pandas as pd

from nnlab.figures.stopping import stopping_figure

LOSSES = [4.0, 2.0, 3.0, 5.0, 6.0, 7.0]


def history(epochs: int) -> pd.DataFrame:
    rows = [(seed, epoch + 1, LOSSES[epoch] + seed, 1 / (epoch + 1)) for seed in (0, 1) for epoch in range(epochs)]
    return pd.DataFrame(rows, columns=["seed", "epoch", "validation_loss", "train_loss"])


def test_a_stop_and_the_epoch_that_is_kept() -> None:
    axes = stopping_figure(history(6), {"soon": history(3), "late": history(5)}, seed=1).axes[0]
    validation, training, *marks = axes.lines
    assert list(validation.get_ydata()) == [loss + 1 for loss in LOSSES]
    assert list(training.get_ydata()) == [1 / epoch for epoch in range(1, 7)]
    stops, stars = marks[::2], marks[1::2]
    assert [stop.get_xdata()[0] for stop in stops] == [3, 5]
    assert [(*star.get_xdata(), *star.get_ydata()) for star in stars] == [(2, 3), (2, 3)]


def test_the_legend_says_when() -> None:
    figure = stopping_figure(history(6), {"soon": history(3)})
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["validation", "training", "soon: stops after 3, keeps 2"]
