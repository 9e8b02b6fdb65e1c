"""What stands beside a verdict: arms, published numbers, values at the edge of their grid."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from claim_files import claim_with
from scipy import stats

from nnlab.claims.claim import Claim
from nnlab.claims.protocol import protocol_of
from nnlab.claims.results_file import Results
from nnlab.claims.rows import published_rows
from nnlab.claims.summary import arm_summaries, compared_numbers, edge_notes

VALUES = np.random.default_rng(0).normal(2.0, 0.1, 10)


def measured(claim: Claim, values: np.ndarray = VALUES) -> Results:
    results = Results(protocol_of(claim, claim.budgets["quick"]))
    for metric in claim.metrics:
        for arm in claim.arms:
            results.note(metric, arm, dict(enumerate(values)))
    return results


def published(tmp_path: Path, value: float, metric: Any = None, **more: Any) -> Any:
    number = {"arm": "wrong", "value": float(value), "source": "a paper", "metric": metric, **more}
    claim = claim_with(tmp_path, published=[number])
    return compared_numbers(claim, measured(claim))[0]


def test_a_published_number_is_inside_where_one_more_run_could_be(tmp_path: Path) -> None:
    margin = stats.t.ppf(0.975, 9) * VALUES.std(ddof=1) * math.sqrt(1.1)
    inside, outside = VALUES.mean() + 0.95 * margin, VALUES.mean() + 1.05 * margin
    assert published(tmp_path, inside).is_inside
    assert not published(tmp_path, outside).is_inside
    assert published(tmp_path, outside, test_examples=10_000).is_inside  # .14 points more, at an error of 2 %


def test_a_published_bound_is_inside_where_one_more_run_could_keep_to_it(tmp_path: Path) -> None:
    low, high = VALUES.mean() - 1.0, VALUES.mean() + 1.0
    found = [
        published(tmp_path, value, bound=bound).is_inside for bound in ("at most", "at least") for value in (low, high)
    ]
    assert found == [False, True, True, False]
    claim = claim_with(tmp_path, published=[{"arm": "wrong", "value": 3, "source": "a paper", "bound": "at most"}])
    assert published_rows(claim, measured(claim))[0][3] == "at most 3"


def test_what_was_not_measured_is_compared_with_nothing(tmp_path: Path) -> None:
    number = {"arm": "wrong", "value": 3, "source": "a paper"}
    before = measured(claim_with(tmp_path, published=[number]))
    claim = claim_with(tmp_path, published=[number, number | {"metric": "train_loss"}])
    ours = [compared.mean for compared in compared_numbers(claim, before)]
    assert ours == [pytest.approx(VALUES.mean()), pytest.approx(math.nan, nan_ok=True)]


def test_a_published_number_is_compared_on_the_scale_of_its_metric(tmp_path: Path) -> None:
    compared = published(tmp_path, 2.0, {"name": "train_loss", "scale": "log10"}, test_examples=10)
    assert compared.value == pytest.approx(math.log10(2))
    assert compared.is_inside
    assert compared.high - compared.low < 0.2


def test_new_runs_have_no_share_below_none_or_above_all(tmp_path: Path) -> None:
    number = {"arm": "wrong", "value": 3, "source": "a paper"}
    claim = claim_with(tmp_path, published=[number, number | {"metric": "train_loss"}])
    share, loss = compared_numbers(claim, measured(claim, np.array([1.0, 99.0] * 5)))
    assert (share.low, share.high) == (0, 100)
    assert loss.low < 0
    assert loss.high > 100


def test_an_arm_that_diverged_is_counted_and_compared_with_nothing(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, published=[{"arm": "wrong", "value": 2, "source": "a paper"}])
    results = measured(claim, np.array([np.nan, *VALUES[1:]]))
    assert [arm.diverged for arm in arm_summaries(claim, results)] == [1, 1]
    [compared] = compared_numbers(claim, results)
    assert not compared.is_inside
    assert math.isnan(compared.low)


def test_what_happens_or_not_has_an_exact_interval(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, metric={"name": "test_error", "above": 1.0})
    arm = arm_summaries(claim, measured(claim))[0]
    assert arm.mean.high == 1
    assert arm.mean.low**10 == pytest.approx(0.025)


def test_values_at_the_edge_of_their_grid_and_grids_without_a_value_are_pointed_out(tmp_path: Path) -> None:
    claim = claim_with(tmp_path, tuning={"grid": {"learning_rate": [0.01, 0.1, 1]}})
    results = measured(claim)
    results.tuned = {"clean": ["learning_rate=0.1"], "wrong": ["learning_rate=0.01"]}
    results.trials = {"clean": [{"objective": None}], "wrong": [{"objective": 0.5}]}
    assert edge_notes(claim, claim.budgets["quick"], results) == [
        "clean: with every value of the grid a seed diverged; the first was taken",
        "wrong: learning_rate=0.01 is at the edge of its grid, a better value may lie beyond",
    ]
