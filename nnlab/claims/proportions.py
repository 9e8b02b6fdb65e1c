"""How often does something happen, and does it happen more often in one arm than in another?"""

from __future__ import annotations

from typing import NamedTuple

from nnlab.claims.tails import Tails


class RateDifference(NamedTuple):
    """How often it happened in two arms.

    Attributes:
        difference: of the shares, the first minus the second.
        low: end of the interval, which errs below with the probability `Tails.larger`.
        high: end of the interval, which errs above with the probability `Tails.smaller`.
        p_larger: of the hypothesis that the first share is not above the second.
        p_smaller: of the hypothesis that it is not below the second.
    """

    difference: float
    low: float
    high: float
    p_larger: float
    p_smaller: float


def rate_difference(first: int, of_first: int, second: int, of_second: int, tails: Tails) -> RateDifference:
    """Compare how often it happened among so many seeds: Fisher's exact test, Newcombe's hybrid score interval.

    Source: Newcombe 1998, Statistics in Medicine 17, 873, method 10.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415

    table = [[first, of_first - first], [second, of_second - second]]
    p_larger, p_smaller = (float(fisher_exact(table, alternative).pvalue) for alternative in ("greater", "less"))
    counts = (first, of_first, second, of_second)
    low, high = (confint_proportions_2indep(*counts, method="newcomb", alpha=2 * tail) for tail in tails)
    return RateDifference(first / of_first - second / of_second, float(low[0]), float(high[1]), p_larger, p_smaller)


def rate_interval(count: int, of: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share. Source: Clopper and Pearson 1934, Biometrika 26, 404."""
    from scipy.stats import binomtest  # noqa: PLC0415

    interval = binomtest(count, of).proportion_ci(0.95, method="exact")
    return float(interval.low), float(interval.high)
