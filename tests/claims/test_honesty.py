"""The engine errs as rarely as it says, and finds what it is planned to find: by simulated claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from claim_files import claim_with
from scipy import stats

from nnlab.claims.claim import Claim
from nnlab.claims.paired import t_interval
from nnlab.claims.power import POWER, detectable_effect
from nnlab.claims.proportions import rate_difference, rate_interval
from nnlab.claims.tails import ONE_SIDED, TWO_SIDED, Tails
from nnlab.claims.verdict import REFUTED, SUPPORTED, judge

FEW, MANY = 600, 10_000
SEEDS = 10
Draw = Callable[[np.random.Generator, int], np.ndarray]
DRAWS: dict[str, Draw] = {
    "normal": lambda generator, n: generator.normal(0, 1, n),
    "skewed": lambda generator, n: generator.exponential(1, n) - 1,
    "heavy-tailed": lambda generator, n: generator.standard_t(3, n),
}


def claims_of(folder: Path, sides: str) -> Claim:
    criterion = {"kind": "difference", "larger": "wrong", "smaller": "clean", "sides": sides}
    return claim_with(folder, criteria=[criterion])


def verdicts(claim: Claim, count: int, draw: Draw, effect: float = 0.0) -> Counter[str]:
    """Judge many claims of two arms whose seeds are drawn from one distribution, moved by the effect in one arm."""
    generator = np.random.default_rng(1)
    [metric] = claim.metrics
    return Counter(
        judge(
            claim, [SEEDS], {metric: {"clean": draw(generator, SEEDS), "wrong": draw(generator, SEEDS) + effect}}
        ).verdict
        for _ in range(count)
    )


def at_most(count: int, of: int, share: float) -> bool:
    """Tell whether a count is not too large for a share, but for one time in a thousand."""
    return bool(stats.binomtest(count, of, share, alternative="greater").pvalue > 1e-3)


@pytest.mark.parametrize(
    ("shape", "count"), [*((shape, FEW) for shape in DRAWS), pytest.param("normal", MANY, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("sides", ["one-sided", "two-sided"])
def test_where_nothing_differs_at_most_5_per_cent_say_so(shape: str, sides: str, count: int, tmp_path: Path) -> None:
    found = verdicts(claims_of(tmp_path, sides), count, DRAWS[shape])
    assert at_most(found[SUPPORTED] + found[REFUTED], count, 0.05), found


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("sides", "tails"), [("one-sided", ONE_SIDED), ("two-sided", TWO_SIDED)])
def test_an_effect_of_the_planned_size_is_found_in_80_per_cent(
    sides: str, tails: Tails, count: int, tmp_path: Path
) -> None:
    effect = detectable_effect(SEEDS, tails) * np.sqrt(2)  # differences of two arms have this standard deviation
    found = verdicts(claims_of(tmp_path, sides), count, DRAWS["normal"], effect)
    assert at_most(count - found[SUPPORTED], count, 1 - POWER), found
    assert found[REFUTED] == 0


@pytest.mark.parametrize("tails", [ONE_SIDED, TWO_SIDED], ids=["one-sided", "two-sided"])
@pytest.mark.parametrize(
    ("shape", "most"), [("normal", 0.05), ("heavy-tailed", 0.05), ("skewed", 0.10)]
)  # skewed: no interval from ten numbers covers such a mean in 95 %; take logarithms, or more seeds
def test_intervals_cover_the_mean(shape: str, most: float, tails: Tails) -> None:
    generator, count = np.random.default_rng(2), 20_000
    missed = 0
    for _ in range(count):
        low, high = t_interval(DRAWS[shape](generator, SEEDS), tails)
        missed += not low <= 0 <= high
    assert at_most(missed, count, most), 1 - missed / count


@pytest.mark.parametrize(("first", "second"), [(0.5, 0.5), (0.9, 0.3), (0.1, 0.3)])
def test_intervals_cover_rates(first: float, second: float) -> None:
    """Every table that can come up, with its probability: no simulation is needed."""
    n = 20
    misses = {"difference": 0.0, "rate": 0.0}
    for a in range(n + 1):
        low, high = rate_interval(a, n)
        misses["rate"] += stats.binom.pmf(a, n, first) * (not low <= first <= high)
        for b in range(n + 1):
            found = rate_difference(a, n, b, n, TWO_SIDED)
            chance = stats.binom.pmf(a, n, first) * stats.binom.pmf(b, n, second)
            misses["difference"] += chance * (not found.low <= first - second <= found.high)
    assert misses["rate"] <= 0.05
    assert misses["difference"] <= 0.06  # of discrete counts, no interval of this width keeps to 5 % everywhere
