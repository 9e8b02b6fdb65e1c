"""What is read of each seed from what a job measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nnlab.claims.claim import Metric
from nnlab.claims.measuring import read_metric

SUMMARY = pd.DataFrame(
    {
        "seed": [4, 7, 9],
        "diverged": [False, False, True],
        "train_accuracy": [1.0, 0.99, 0.1],
        "test_accuracy": [0.95, 0.97, 0.1],
        "best_validation_accuracy": [0.96, 0.98, 0.2],
    }
)
HISTORY = pd.DataFrame({"seed": [4, 4, 7, 7, 9], "train_loss": [2.0, 1.0, 3.0, 2.0, np.inf]})


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Metric("test_accuracy"), [0.95, 0.97, np.nan]),
        (Metric("test_error"), [5.0, 3.0, np.nan]),
        (Metric("test_error", less="train_error"), [5.0, 2.0, np.nan]),
        (Metric("validation_accuracy", read="best"), [0.96, 0.98, np.nan]),
        (Metric("train_loss", read="area"), [1.5, 2.5, np.nan]),
        (Metric("diverged"), [0, 0, 1]),
    ],
    ids=lambda value: value.key if isinstance(value, Metric) else "",
)
def test_a_metric_is_read_of_each_seed(metric: Metric, expected: list[float]) -> None:
    found = read_metric(metric, SUMMARY, HISTORY)
    assert list(found) == [4, 7, 9]
    np.testing.assert_allclose(list(found.values()), expected)
