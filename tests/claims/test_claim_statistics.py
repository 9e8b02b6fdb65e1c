"""The statistics of claims, against slow and obvious references and against other libraries."""

from __future__ import annotations

from functools import partial
from itertools import product
from math import comb, inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nnlab.claims.paired import effect_size, equivalence_p, paired_difference
from nnlab.claims.power import (
    POWER,
    detectable_effect,
    equivalence_power,
    fewest_seeds,
    power_of,
    provable_margin,
    seeds_needed,
)
from nnlab.claims.prediction import prediction_interval, share_error
from nnlab.claims.proportions import rate_difference, rate_interval
from nnlab.claims.tails import ONE_SIDED, TWO_SIDED, Tails

BOTH = pytest.mark.parametrize("tails", [ONE_SIDED, TWO_SIDED], ids=["one-sided", "two-sided"])


def naive_sign_flips(d: np.ndarray) -> tuple[float, float]:
    """Return the shares of all ways to sign the differences with a mean as large, and as small, as theirs."""
    means = np.array([np.mean(np.abs(d) * signs) for signs in product((-1.0, 1.0), repeat=d.size)])
    return float((means >= d.mean() - 1e-12).mean()), float((means <= d.mean() + 1e-12).mean())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [2, 7, 10])
def test_sign_flips_are_exact(n: int, seed: int) -> None:
    d = np.random.default_rng(seed).normal(1, 1, n).round(1)  # rounded: with ties and zeros
    found = paired_difference(d, TWO_SIDED)
    assert (found.p_larger, found.p_smaller) == pytest.approx(naive_sign_flips(d))


def test_of_many_pairs_flips_are_drawn_which_comes_close() -> None:
    d = np.random.default_rng(3).normal(0.4, 1, 17)
    assert paired_difference(d, TWO_SIDED).p_larger == pytest.approx(naive_sign_flips(d)[0], abs=0.002)


@pytest.mark.parametrize("n", [5, 16, 17, 20])
def test_sign_flips_are_those_of_scipy(n: int) -> None:
    d = np.random.default_rng(n).normal(0.2, 1, n).round(1)
    test = partial(stats.permutation_test, (d,), np.mean, permutation_type="samples", n_resamples=99_999)
    expected = [test(alternative=side, rng=np.random.default_rng(0)).pvalue for side in ("greater", "less")]
    found = paired_difference(d, TWO_SIDED)
    assert [found.p_larger, found.p_smaller] == expected


@BOTH
def test_the_interval_is_students(tails: Tails) -> None:
    d = np.random.default_rng(0).normal(1, 2, 12)
    low = stats.ttest_1samp(d, 0, alternative="greater").confidence_interval(1 - tails.larger).low
    high = stats.ttest_1samp(d, 0, alternative="less").confidence_interval(1 - tails.smaller).high
    found = paired_difference(d, tails)
    assert (found.low, found.high) == pytest.approx((low, high))


def test_equal_differences_have_an_interval_without_width() -> None:
    found = paired_difference(np.ones(10), TWO_SIDED)
    assert (found.low, found.high, found.sd) == (1.0, 1.0, 0.0)
    assert found.p_larger == 2.0**-10
    assert equivalence_p(np.ones(10), 2.0) == 0.0
    assert equivalence_p(np.ones(10), 0.5) == 1.0


def test_equivalence_is_the_weaker_of_two_t_tests() -> None:
    d = np.random.default_rng(1).normal(0.1, 1, 15)
    above = stats.ttest_1samp(d, -0.8, alternative="greater").pvalue
    below = stats.ttest_1samp(d, 0.8, alternative="less").pvalue
    assert equivalence_p(d, 0.8) == pytest.approx(max(above, below))


@settings(max_examples=50, deadline=None)
@given(st.floats(-8, 8), st.integers(3, 50))
def test_the_interval_of_an_effect_size_is_where_the_noncentral_t_says(size: float, n: int) -> None:
    found = effect_size(size, 1.0, n)
    assert found.value == size
    t = size * sqrt(n)
    for bound, share in ((found.low, 0.975), (found.high, 0.025)):
        assert stats.nct.cdf(t, n - 1, bound * sqrt(n)) == pytest.approx(share, abs=1e-6)


def test_the_interval_of_a_huge_effect_size_is_that_of_smaller_ones_enlarged() -> None:
    below, above = effect_size(2000.0, 1.0, 20), effect_size(-4000.0, 1.0, 20)  # below 10,000 in t, and above
    assert (-above.high, -above.low) == pytest.approx((2 * below.low, 2 * below.high), rel=1e-6)


def test_an_effect_size_without_spread_has_no_interval() -> None:
    assert effect_size(1.0, 0.0, 10).value == inf
    assert effect_size(0.0, 0.0, 10).value == 0.0
    assert isnan(effect_size(1.0, 0.0, 10).low)


def naive_fisher(a: int, n: int, b: int, m: int) -> float:
    """Return the share of tables with the same margins in which the first count is as large."""
    total = comb(n + m, a + b)
    return sum(comb(n, k) * comb(m, a + b - k) for k in range(a, min(n, a + b) + 1)) / total


@pytest.mark.parametrize(("first", "second"), [(9, 1), (5, 5), (0, 0), (10, 0), (3, 6)])
def test_rates_are_compared_exactly(first: int, second: int) -> None:
    found = rate_difference(first, 10, second, 12, TWO_SIDED)
    assert found.p_larger == pytest.approx(naive_fisher(first, 10, second, 12))
    assert found.p_smaller == pytest.approx(naive_fisher(second, 12, first, 10))
    assert found.low <= found.difference <= found.high


def test_newcombes_own_example() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 in table II of Newcombe 1998, method 10."""
    found = rate_difference(56, 70, 48, 80, TWO_SIDED)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_interval_of_a_rate_is_clopper_and_pearsons() -> None:
    low, high = rate_interval(0, 10)
    assert low == 0
    assert (1 - high) ** 10 == pytest.approx(0.025)


def test_the_prediction_of_one_run_is_students() -> None:
    x = np.random.default_rng(5).normal(2, 0.3, 10)
    margin = stats.t.ppf(0.975, 9) * x.std(ddof=1) * sqrt(1 + 1 / 10)
    assert prediction_interval(x) == pytest.approx((x.mean() - margin, x.mean() + margin), abs=0.01)


def test_the_best_of_several_runs_is_better_and_a_choice_of_examples_adds_doubt() -> None:
    x = np.random.default_rng(5).normal(2, 0.3, 10)
    one, three, high = (
        prediction_interval(x),
        prediction_interval(x, best_of=3),
        prediction_interval(x, best_of=3, lower_is_better=False),
    )
    assert three[1] < one[1] < high[1]
    wide = prediction_interval(x, test_error=0.5)
    assert wide[0] < one[0]
    assert wide[1] > one[1]
    assert share_error(0.02, 10_000) == pytest.approx(0.0014)


@BOTH
@pytest.mark.parametrize("effect", [0.3, 0.7, 1.5])
def test_the_seeds_needed_are_the_fewest_that_find_it(effect: float, tails: Tails) -> None:
    seeds = seeds_needed(effect, tails)
    assert power_of(effect, seeds, tails) >= POWER
    assert seeds == fewest_seeds(tails) or power_of(effect, seeds - 1, tails) < POWER
    assert detectable_effect(seeds, tails) <= effect


@BOTH
def test_with_the_fewest_seeds_both_directions_can_be_significant(tails: Tails) -> None:
    n = fewest_seeds(tails)
    assert paired_difference(np.arange(1.0, n + 1), tails).p_larger <= min(tails)
    assert paired_difference(np.arange(1.0, n), tails).p_larger > min(tails)


@BOTH
def test_several_looks_share_the_tails(tails: Tails) -> None:
    assert tails.at_each_of(5).total == pytest.approx(0.01)


@pytest.mark.parametrize("seeds", [3, 10, 30])
@pytest.mark.parametrize("margin", [0.3, 0.9, 2.0])
def test_the_power_of_an_equivalence_is_how_often_it_is_found_where_nothing_differs(margin: float, seeds: int) -> None:
    d = np.random.default_rng(seeds).normal(0, 1, (100_000, seeds))
    error = d.std(axis=1, ddof=1) / sqrt(seeds)
    t = stats.t.isf(0.05, seeds - 1)
    found = (np.abs(d.mean(axis=1)) + t * error < margin).mean()
    assert equivalence_power(margin, seeds, 0.05) == pytest.approx(found, abs=0.006)


def test_the_provable_margin_is_proven_in_80_percent() -> None:
    assert equivalence_power(provable_margin(20, 0.05), 20, 0.05) == pytest.approx(POWER)
    assert provable_margin(40, 0.05) < provable_margin(20, 0.05) < provable_margin(20, 0.01)
