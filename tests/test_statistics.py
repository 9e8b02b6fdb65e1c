"""Means and intervals against SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from nnlab.statistics import mean_interval


@pytest.mark.parametrize("count", [2, 3, 10, 100])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_is_students(count: int, confidence: float) -> None:
    values = np.random.default_rng(count).normal(3, 2, count)
    got = mean_interval(values, confidence)
    low, high = stats.t.interval(confidence, count - 1, loc=values.mean(), scale=stats.sem(values))
    assert got == pytest.approx((values.mean(), low, high), rel=1e-12)


def test_seeds_that_diverged_are_left_out() -> None:
    assert mean_interval([1.0, np.nan, 3.0, np.inf]) == pytest.approx(mean_interval([1.0, 3.0]))


def test_one_value_has_no_interval_and_none_has_no_mean() -> None:
    assert mean_interval([2.0]).mean == 2.0
    assert math.isnan(mean_interval([2.0]).low)
    assert math.isnan(mean_interval([]).mean)


def test_the_interval_covers_the_true_mean_in_95_of_100_cases() -> None:
    samples = np.random.default_rng(0).normal(size=(4000, 5))
    covered = [(i.low <= 0 <= i.high) for i in map(mean_interval, samples)]
    assert 0.94 < np.mean(covered) < 0.96
