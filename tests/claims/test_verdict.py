"""What the engine says of measurements whose answer is known."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from claim_files import claim_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnlab.claims.claim import Claim
from nnlab.claims.problems import ClaimError
from nnlab.claims.verdict import EQUIVALENT, INCONCLUSIVE, REFUTED, SUPPORTED, IncompleteError, Outcome, judge
from nnlab.claims.words import effect_lines

ARMS = {"a": [], "b": ["depth=1"], "c": ["depth=3"], "d": ["depth=4"]}
NOISE = np.random.default_rng(7).normal(0, 0.1, (4, 12))


def claim_of(folder: Path, *criteria: dict[str, Any], metric: Any = "test_error") -> Claim:
    return claim_with(folder, arms=ARMS, varies=["depth"], criteria=list(criteria), metric=metric)


def verdict_on(claim: Claim, a: float = 0.0, b: float = 0.0, c: float = 0.0, d: float = 0.0) -> Outcome:
    """Judge arms with these means and some noise, twelve seeds each."""
    values = {arm: mean + noise for arm, mean, noise in zip("abcd", (a, b, c, d), NOISE, strict=True)}
    return judge(claim, [12], dict.fromkeys(claim.metrics, values))


DIFFERENCE = {"kind": "difference", "larger": "a", "smaller": "b"}


@pytest.mark.parametrize("sides", ["one-sided", "two-sided"])
@pytest.mark.parametrize(("a", "expected"), [(1.0, SUPPORTED), (-1.0, REFUTED), (0.0, EQUIVALENT)])
def test_a_difference(a: float, expected: str, sides: str, tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE | {"sides": sides, "margin": 0.5})
    assert verdict_on(claim, a=a).verdict == expected


def test_a_size_beyond_all_doubt_is_told_without_digits(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE)
    for mean, words in ((1000, "d > 100"), (-1000, "d < -100"), (0.1, "d = ")):
        [line] = effect_lines(verdict_on(claim, a=mean))
        assert f", {words}" in line


def test_without_a_margin_nothing_is_equivalent(tmp_path: Path) -> None:
    assert verdict_on(claim_of(tmp_path, DIFFERENCE)).verdict == INCONCLUSIVE


def test_a_difference_from_a_number(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, {"kind": "difference", "larger": "a", "smaller": 5})
    assert verdict_on(claim, a=6).verdict == SUPPORTED
    assert verdict_on(claim, a=4).verdict == REFUTED


@pytest.mark.parametrize(
    ("by", "a", "expected"),
    [
        (1, 2.0, SUPPORTED),
        (1, 0.0, REFUTED),
        (1, 1.0, INCONCLUSIVE),
        (-1, 0.0, SUPPORTED),  # no lower by as much as 1
        (-1, 5.0, SUPPORTED),
        (-1, -2.0, REFUTED),
    ],
)
@pytest.mark.parametrize("smaller", ["b", 0])
def test_a_difference_by_a_number(by: float, a: float, expected: str, smaller: Any, tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE | {"smaller": smaller, "by": by, "sides": "one-sided"})
    outcome = verdict_on(claim, a=a)
    assert outcome.verdict == expected
    [effect] = outcome.effects
    assert effect.mean == pytest.approx(a - by, abs=0.2)
    assert effect.comparison.name == ("a" if smaller == 0 else "a - b") + (" - 1" if by > 0 else " + 1")


def test_rates_do_not_differ_by_a_number(tmp_path: Path) -> None:
    rate = {"kind": "rate", "larger": "a", "smaller": "b", "by": 0.1, "metric": {"name": "test_error", "above": 1}}
    with pytest.raises(ClaimError, match="unknown key of criterion 1 'by'"):
        claim_of(tmp_path, rate)


@pytest.mark.parametrize(("a", "expected"), [(0.0, SUPPORTED), (2.0, REFUTED), (0.5, INCONCLUSIVE)])
def test_an_equivalence(a: float, expected: str, tmp_path: Path) -> None:
    claim = claim_of(tmp_path, {"kind": "equivalence", "arms": ["a", "b"], "margin": 0.5})
    assert verdict_on(claim, a=a).verdict == expected


def test_an_ordering_holds_if_every_step_does_and_falls_with_one(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, {"kind": "ordering", "rising": ["a", "b", "c"]})
    assert verdict_on(claim, 0, 1, 2).verdict == SUPPORTED
    assert verdict_on(claim, 0, 1, 1).verdict == INCONCLUSIVE
    assert verdict_on(claim, 0, 1, 0.2).verdict == REFUTED


def test_an_interaction(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, {"kind": "interaction", "larger": ["a", "b"], "smaller": ["c", "d"]})
    assert verdict_on(claim, 3, 1, 1, 0).verdict == SUPPORTED
    [effect] = verdict_on(claim, 3, 1, 1, 0).effects
    assert effect.mean == pytest.approx(1, abs=0.2)
    assert verdict_on(claim, 2, 1, 3, 0).verdict == REFUTED


def test_a_trend_is_the_slope_of_least_squares(tmp_path: Path) -> None:
    levels = {"a": 10, "b": 100, "c": 1000, "d": 10000}
    claim = claim_of(tmp_path, {"kind": "trend", "falling": levels, "scale": "log10"})
    [effect] = verdict_on(claim, 9, 7, 5, 3).effects
    slopes = [np.polyfit([1, 2, 3, 4], np.array([9, 7, 5, 3]) + seed, 1)[0] for seed in NOISE.T]
    assert effect.mean == pytest.approx(-np.mean(slopes))
    assert effect.verdict == SUPPORTED
    assert verdict_on(claim, 3, 5, 7, 9).verdict == REFUTED


def test_a_rate_counts_seeds(tmp_path: Path) -> None:
    criterion = {"kind": "rate", "larger": "a", "smaller": "b"}
    claim = claim_of(tmp_path, criterion, metric={"name": "test_error", "above": 0.5})
    outcome = verdict_on(claim, a=1.0)
    assert outcome.verdict == SUPPORTED
    assert outcome.effects[0].note == "12 of 12 against 0 of 12"
    assert verdict_on(claim, b=1.0).verdict == REFUTED
    assert verdict_on(claim).verdict == INCONCLUSIVE


def test_what_is_deterministic_is_right_at_every_seed_or_refuted(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, {"kind": "deterministic", "values": {"a": 2}, "tolerance": 0.5})
    assert verdict_on(claim, a=2).verdict == SUPPORTED
    assert verdict_on(claim, a=2.4).verdict == REFUTED  # a seed of it lies beyond
    assert math.isnan(verdict_on(claim, a=2).p)


def test_a_part_that_is_open_decides_beside_an_exact_one_that_holds(tmp_path: Path) -> None:
    exact = {"kind": "deterministic", "values": {"a": 2}, "tolerance": 0.5}
    outcome = verdict_on(claim_of(tmp_path, exact, DIFFERENCE), a=2, b=2)
    assert outcome.verdict == INCONCLUSIVE
    assert outcome.decisive.comparison.name == "a - b"
    assert 0.05 < outcome.p == outcome.decisive.p_claimed


def test_divergence_is_what_the_metric_says_or_leaves_the_claim_open(tmp_path: Path) -> None:
    values = {"a": np.array([np.nan, *NOISE[0][1:]]), "b": NOISE[1] - 1}
    for metric, expected in (("train_loss", INCONCLUSIVE), ({"name": "train_loss", "if_diverged": 9.0}, SUPPORTED)):
        claim = claim_with(
            tmp_path, arms={"a": [], "b": ["depth=1"]}, varies=["depth"], criteria=[DIFFERENCE], metric=metric
        )
        outcome = judge(claim, [12], {claim.metrics[0]: values})
        assert outcome.verdict == expected
    open_claim = claim_with(tmp_path, arms={"a": [], "b": ["depth=1"]}, criteria=[DIFFERENCE], metric="train_loss")
    [effect] = judge(open_claim, [12], {open_claim.metrics[0]: values}).effects
    assert effect.note.startswith("1 of 12 seeds of a diverged")


def test_a_logarithm_of_what_is_not_above_0_leaves_the_claim_open(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE, metric={"name": "train_loss", "scale": "log10"})
    assert verdict_on(claim, a=5, b=0).verdict == INCONCLUSIVE


def test_of_several_parts_all_must_hold_and_what_does_not_decide_does_not(tmp_path: Path) -> None:
    other = {"kind": "difference", "larger": "c", "smaller": "d"}
    both = claim_of(tmp_path, DIFFERENCE, other)
    assert verdict_on(both, a=1, c=1).verdict == SUPPORTED
    assert verdict_on(both, a=1).verdict == INCONCLUSIVE
    assert verdict_on(both, a=1, d=1).verdict == REFUTED
    beside = claim_of(tmp_path, DIFFERENCE, other | {"primary": False})
    assert verdict_on(beside, a=1, d=1).verdict == SUPPORTED


def test_one_of_many_parts_is_refuted_only_beyond_the_number_of_parts(tmp_path: Path) -> None:
    parts = [DIFFERENCE, *({"kind": "difference", "larger": "c", "smaller": "d"} for _ in range(9))]
    claim = claim_of(tmp_path, *parts)
    weak = np.array([-1.0, -1, -1, -1, -1, -1, -1, -1, -1, 0.9, 0.2, 0.1])
    values = {"a": weak, "b": np.zeros(12), "c": NOISE[2], "d": NOISE[3]}
    outcome = judge(claim, [12], {claim.metrics[0]: values})
    assert outcome.effects[0].verdict == REFUTED
    assert outcome.verdict == INCONCLUSIVE


def test_of_many_equivalences_at_their_margins_one_is_seldom_refuted(tmp_path: Path) -> None:
    parts = [{"kind": "equivalence", "arms": ["a", "b"], "margin": 1}] + [
        {"kind": "equivalence", "arms": ["c", "d"], "margin": 5} for _ in range(9)
    ]
    claim, generator = claim_of(tmp_path, *parts), np.random.default_rng(0)
    found = []
    for _ in range(300):
        values = {arm: generator.normal(mean, 1, 10) for arm, mean in (("a", 1), ("b", 0), ("c", 0), ("d", 0))}
        found.append(judge(claim, [10], {claim.metrics[0]: values}).verdict)
    assert found.count(REFUTED) <= 0.02 * len(found)


def test_there_is_no_verdict_before_all_planned_seeds_are_measured(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE)
    with pytest.raises(IncompleteError, match="12 of 13 seeds are measured"):
        judge(claim, [13], {claim.metrics[0]: dict(zip("abcd", NOISE + 1, strict=True))})


def test_a_sequential_rule_stops_at_the_first_look_that_decides_and_pays_for_each(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE)
    strong = {"a": NOISE[0] + 5, "b": NOISE[1], "c": NOISE[2], "d": NOISE[3]}
    assert judge(claim, [8, 10, 12], {claim.metrics[0]: strong}).seeds == 8
    d = np.concatenate([np.full(8, 1.0), [-0.5, 0.2, -0.4, 0.1]]) + NOISE[0]
    close = strong | {"a": d, "b": np.zeros(12)}
    once, thrice = judge(claim, [12], {claim.metrics[0]: close}), judge(claim, [12, 13, 14], {claim.metrics[0]: close})
    assert thrice.effects[0].low < once.effects[0].low
    assert thrice.p > once.p


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(-5, 5), min_size=8, max_size=8), st.permutations(range(8)), st.floats(0.1, 10))
def test_order_and_unit_change_nothing_and_arms_that_are_swapped_turn_the_verdict(
    tmp_path: Path, numbers: list[float], order: list[int], unit: float
) -> None:
    claim = claim_with(tmp_path, arms={"a": [], "b": ["depth=1"]}, criteria=[DIFFERENCE])
    d = np.round(numbers, 3)
    zero = np.zeros(8)

    def judged(a: np.ndarray, b: np.ndarray) -> str:
        return judge(claim, [8], {claim.metrics[0]: {"a": a, "b": b}}).verdict

    assert judged(d[list(order)], zero) == judged(d, zero) == judged(unit * d, zero)
    turned = {SUPPORTED: REFUTED, REFUTED: SUPPORTED, INCONCLUSIVE: INCONCLUSIVE}
    assert judged(zero, d) == turned[judged(d, zero)]


def test_what_decides_is_the_surest_refuted_part_or_else_the_weakest(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, *({"kind": "difference", "larger": "a", "smaller": arm, "margin": 1} for arm in "bcd"))
    refuted = verdict_on(claim, a=0, b=-5, c=0.2, d=8)
    assert refuted.verdict == REFUTED
    assert refuted.decisive.comparison.name == "a - d"
    assert refuted.p == pytest.approx(3 * refuted.decisive.p_opposite)
    supported = verdict_on(claim, a=5, b=0, c=4.95, d=0)
    assert supported.decisive.comparison.name == "a - c"
    assert supported.p == supported.decisive.p
    same = verdict_on(claim)
    assert same.verdict == EQUIVALENT
    assert same.p == max(effect.p_within for effect in same.effects) < 0.05


def test_what_is_left_to_chance_in_no_part_has_no_p_value(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, {"kind": "deterministic", "values": {"a": 0.0}, "tolerance": 5.0})
    assert math.isnan(verdict_on(claim).p)
    assert math.isnan(verdict_on(claim, a=9).p)


def judged(claim: Claim, **arms: np.ndarray) -> Outcome:
    return judge(claim, [12], {metric: {"c": NOISE[2], "d": NOISE[3]} | arms for metric in claim.metrics})


def test_a_part_without_a_number_keeps_a_claim_open_and_decides(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE, DIFFERENCE | {"smaller": "c"})
    lost = np.array([np.nan, *NOISE[2][1:]])
    outcome = judged(claim, a=NOISE[0] + 1, b=NOISE[1], c=lost)
    assert outcome.verdict == INCONCLUSIVE
    assert outcome.decisive.comparison.name == "a - c"
    assert outcome.p == 1.0, "it counts among the claims of a report"


def test_an_open_claim_has_the_p_value_of_what_it_claims_not_of_the_opposite(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE | {"sides": "one-sided"})
    outcome = judged(claim, a=NOISE[1] + np.linspace(-1.2, 0.6, 12), b=NOISE[1])
    assert outcome.verdict == INCONCLUSIVE
    assert outcome.p == outcome.effects[0].p_claimed > 0.9 > outcome.effects[0].p


def test_parts_that_are_all_refuted_need_no_correction(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE, DIFFERENCE | {"smaller": "c"})
    outcome = judged(claim, a=NOISE[1] + np.linspace(-1, 0.2, 12), b=NOISE[1], c=NOISE[1])
    assert outcome.verdict == REFUTED
    assert outcome.p == outcome.effects[0].p_opposite == outcome.effects[1].p_opposite


def test_rates_that_are_equivalent_count_among_the_claims_of_a_report(tmp_path: Path) -> None:
    criterion = {"kind": "rate", "larger": "a", "smaller": "b", "margin": 0.9}
    claim = claim_of(tmp_path, criterion, metric={"name": "test_error", "above": 5})
    outcome = judged(claim, a=NOISE[0], b=NOISE[1])
    assert (outcome.verdict, outcome.p) == (EQUIVALENT, 0.05)


def test_an_effect_has_the_p_value_of_its_own_verdict(tmp_path: Path) -> None:
    claim = claim_of(tmp_path, DIFFERENCE | {"margin": 0.5})
    for a, key in ((1.0, "p_claimed"), (-1.0, "p_opposite"), (0.0, "p_within")):
        [effect] = judged(claim, a=NOISE[0] + a, b=NOISE[1]).effects
        assert effect.p == getattr(effect, key) < 0.05
