"""The figures of claims show what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from claim_files import claim_with
from scipy.stats import beta

from nnlab.claims.claim import Claim
from nnlab.claims.figures.forest import forest_figure
from nnlab.claims.figures.seeds import seeds_figure
from nnlab.claims.figures.verdict import verdict_figure
from nnlab.claims.protocol import protocol_of
from nnlab.claims.results_file import Results
from nnlab.claims.summary import arm_summaries, by_metric
from nnlab.claims.verdict import Outcome, judge
from nnlab.figures.svg import themed_svg

ARMS = {"a": [], "b": ["depth=1"], "c": ["depth=3"]}
CRITERIA = [{"kind": "difference", "larger": "a", "smaller": "b", "margin": 5.0}]
VALUES = {arm: np.random.default_rng(place).normal(place, 0.1, 12) for place, arm in enumerate(ARMS)}


@pytest.fixture
def judged(tmp_path: Path) -> tuple[Claim, Results, Outcome]:
    claim = claim_with(tmp_path, arms=ARMS, varies=["depth"], criteria=CRITERIA)
    results = Results(protocol_of(claim, claim.budgets["quick"]))
    for arm, values in VALUES.items():
        results.note(claim.metrics[0], arm, dict(enumerate(values)))
    return claim, results, judge(claim, [12], results.measurements(claim))


def test_each_seed_is_a_dot_and_only_compared_arms_are_joined(judged: tuple[Claim, Results, Outcome]) -> None:
    claim, results, outcome = judged
    [(metric, (arms, effects))] = by_metric(arm_summaries(claim, results), outcome).items()
    axes = seeds_figure(arms, effects, metric, 5.0).axes[0]
    dots = [each.get_offsets() for each in axes.collections if len(each.get_offsets()) == 12]
    for found, values in zip(dots, VALUES.values(), strict=True):
        np.testing.assert_allclose(found[:, 0], values)
    joined = np.array([line.get_xdata() for line in axes.lines])
    np.testing.assert_allclose(joined, np.column_stack((VALUES["a"], VALUES["b"])))


def test_of_what_happens_or_not_the_share_of_seeds_is_a_bar_with_its_exact_interval(tmp_path: Path) -> None:
    rate = {"kind": "rate", "metric": "diverged", "larger": "a", "smaller": "b"}
    claim = claim_with(tmp_path, arms=ARMS, varies=["depth"], metric="diverged", criteria=[rate])
    results = Results(protocol_of(claim, claim.budgets["quick"]))
    for arm, times in zip(ARMS, (3, 0, 12), strict=True):
        results.note(claim.metrics[0], arm, {seed: float(seed < times) for seed in range(12)})
    outcome = judge(claim, [12], results.measurements(claim))
    [(metric, (arms, effects))] = by_metric(arm_summaries(claim, results), outcome).items()
    axes = seeds_figure(arms, effects, metric, 5.0).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [0.25, 0, 1]
    assert axes.lines[0].get_xdata() == pytest.approx([beta.ppf(0.025, 3, 10), beta.ppf(0.975, 4, 9)])


def test_a_verdict_is_a_panel_of_seeds_and_one_of_effects(judged: tuple[Claim, Results, Outcome]) -> None:
    _, right = verdict_figure(*judged).axes
    [effect] = judged[2].effects
    assert right.lines[0].get_xdata() == pytest.approx((effect.low, effect.high))


def test_error_rates_and_their_differences_have_their_unit(judged: tuple[Claim, Results, Outcome]) -> None:
    labels = [axes.get_xlabel() for axes in verdict_figure(*judged).axes]
    assert labels == ["test_error in %, a dot per seed, | the mean", "percentage points, 95 % interval"]


@pytest.mark.parametrize("metric", [{"name": "test_error", "scale": "log10"}, "test_loss"])
def test_other_metrics_are_not_said_to_be_in_percent(tmp_path: Path, metric: Any) -> None:
    claim = claim_with(tmp_path, arms=ARMS, varies=["depth"], metric=metric, criteria=CRITERIA)
    results = Results(protocol_of(claim, claim.budgets["quick"]))
    for arm, values in VALUES.items():
        results.note(claim.metrics[0], arm, dict(enumerate(np.exp(values))))
    figure = verdict_figure(claim, results, judge(claim, [12], results.measurements(claim)))
    assert not any("%," in axes.get_xlabel() or "percent" in axes.get_xlabel() for axes in figure.axes)


def test_a_row_of_the_forest_ends_at_the_farther_of_interval_and_margin(judged: tuple[Claim, Results, Outcome]) -> None:
    [effect] = judged[2].effects
    for is_narrow in (False, True):
        figure = forest_figure({"own": [effect]}, 5.0, is_narrow=is_narrow)
        assert figure is not None
        line = figure.axes[0].lines[1]
        assert line.get_xdata() == pytest.approx((effect.low / 5.0, effect.high / 5.0))
    assert forest_figure({"own": []}, 5.0) is None


def test_an_svg_follows_the_readers_scheme(judged: tuple[Claim, Results, Outcome]) -> None:
    svg = themed_svg(verdict_figure(*judged))
    assert svg.startswith("<svg")
    assert "prefers-color-scheme: dark" in svg
    assert "currentColor" in svg
    assert "#000000" not in svg
    assert ">a</text>" in svg
