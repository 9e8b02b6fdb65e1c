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


def equivalence_power(margin: float, seeds: int, alpha: float) -> float:
    """Return the probability that two one-sided t tests find a mean within a margin where there is no difference.

    The margin is in standard deviations of the differences. Given the estimate s of the standard deviation, the mean is
    found within where it lies less than margin - t s / sqrt(n) from 0; s has a chi distribution. Source: Phillips 1990,
    Journal of Pharmacokinetics and Biopharmaceutics 18, 137.
    """
    from scipy.integrate import quad  # noqa: PLC0415
    from scipy.special import ndtr, stdtrit  # noqa: PLC0415
    from scipy.stats import chi  # noqa: PLC0415

    freedom = seeds - 1
    reach, per_deviation = margin * math.sqrt(seeds), float(stdtrit(freedom, 1 - alpha)) / math.sqrt(freedom)
    largest = min(reach / per_deviation, float(chi.isf(1e-12, freedom)))

    def found(x: float) -> float:
        return float((2 * ndtr(reach - per_deviation * x) - 1) * chi.pdf(x, freedom))

    return float(quad(found, 0, largest)[0])


@cache
def provable_margin(seeds: int, alpha: float) -> float:
    """Return the margin, in standard deviations, that is found to hold in 80 % of all cases without a difference."""
    from scipy.optimize import brentq  # noqa: PLC0415

    return float(brentq(lambda margin: equivalence_power(margin, seeds, alpha) - POWER, 1e-6, 1000.0))


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
