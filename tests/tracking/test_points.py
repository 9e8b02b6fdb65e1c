"""From numbers and frames to points of metrics."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from nnlab.tracking.events import measured, points_of
from nnlab.tracking.points import (
    epoch_points,
    mean_curve_points,
    plain_points,
    summary_points,
)


def test_what_is_not_finite_is_not_spooled() -> None:
    event = measured(plain_points({"a": math.nan, "b": math.inf, "c": -math.inf, "d": 1.0}))
    assert [point.key for point in points_of(event)] == ["d"]


def test_points_of_an_epoch_name_their_seed() -> None:
    [point] = epoch_points(3, 7, 1234, {"train_loss": 0.5})
    assert point == ("seed_3/train_loss", 0.5, 7, 1234)


def test_mean_curves_leave_out_a_seed_that_diverged() -> None:
    history = pd.DataFrame(
        {
            "seed": [0, 1, 0, 1],
            "epoch": [1, 1, 2, 2],
            "train_loss": [1.0, 3.0, 5.0, math.inf],
            "note": ["a", "b", "c", "d"],
        }
    )
    points = mean_curve_points(history, {1: 111, 2: 222})
    assert points == [("mean/train_loss", 1.0, 1, 111), ("mean/train_loss", 5.0, 2, 222)]


def test_a_summary_gives_each_seed_and_the_means() -> None:
    summary = pd.DataFrame(
        {
            "seed": [0, 5],
            "train_loss": [1.0, 2.0],
            "validation_loss": [1.0, 1.0],
            "best_validation_loss": [0.5, math.nan],
            "test_accuracy": [0.8, 0.9],
            "diverged": [False, True],
        }
    )
    values = {point.key: point.value for point in summary_points(summary) if math.isfinite(point.value)}
    assert values == pytest.approx(
        {
            "final_train_loss": 1.5,
            "final_validation_loss": 1.0,
            "best_validation_loss": 0.5,
            "test_accuracy": 0.85,
            "seed_0/final_train_loss": 1.0,
            "seed_0/final_validation_loss": 1.0,
            "seed_0/best_validation_loss": 0.5,
            "seed_0/test_accuracy": 0.8,
            "seed_5/final_train_loss": 2.0,
            "seed_5/final_validation_loss": 1.0,
            "seed_5/test_accuracy": 0.9,
        }
    )
