"""What can be found with so many seeds, and how many it takes: before anything is trained."""

from __future__ import annotations

import math
from functools import cache

from nnlab.claims.tails import Tails

POWER = 0.8  # the probability to find an effect of the planned size
_MOST_SEEDS = 100_000


def power_of(effect: float, seeds: int, tails: Tails) -> float:
    """Return the probability that a difference of so many standard deviations of the differences is found.

    It is that of Student's one-sample t test with one seed less, which is what the sign flips cost that must agree:
    tests/claims/test_honesty.py measures it.
    """
    from statsmodels.stats.power import TTestPower  # noqa: PLC0415

    power = float(TTestPower().power(effect, max(2, seeds - 1), tails.larger, alternative="larger"))
    return 1.0 if math.isnan(power) else power  # SciPy's noncentral t gives up where it is as good as certain


@cache
def detectable_effect(seeds: int, tails: Tails) -> float:
    """Return the difference, in standard deviations of the differences, that is found in 80 % of all cases."""
    from scipy.optimize import brentq  # noqa: PLC0415

    return float(brentq(lambda effect: power_of(effect, seeds, tails) - POWER, 0.0, 100.0))


def seeds_needed(effect: float, tails: Tails) -> int:
    """Return the least number of seeds with which a difference of so many standard deviations is found so often."""
    low, high = fewest_seeds(tails) - 1, _MOST_SEEDS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(effect, middle, tails) >= POWER else (middle, high)
    return high


def fewest_seeds(tails: Tails, parts: int = 1) -> int:
    """Return the least number of pairs with which sign flips can be significant in either direction.

    The smallest p value is 2^-n; that of a part which refutes a claim of several is multiplied by their number.
    """
    seeds = 2
    while 2.0**-seeds > min(tails.larger, tails.smaller / parts):
        seeds += 1
    return seeds
