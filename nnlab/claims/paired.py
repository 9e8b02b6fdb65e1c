"""Is the mean of paired differences above 0, below it, or as good as 0?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.claims.tails import Tails

_MOST_EXACT = 16  # pairs of which all sign flips are tried
_RESAMPLES = 99_999  # flips that are drawn, where there are more pairs
_BLOCK = 4096  # of them at once, which bounds the memory for a thousand pairs
_ROUNDING = 100 * np.finfo(float).eps
_LARGE_T = 1e4  # of which the noncentral distribution is slow, and as good as that of the standard deviation alone


class Difference(NamedTuple):
    """What n paired differences say of their mean.

    Attributes:
        n: pairs.
        mean: of the differences.
        sd: their standard deviation.
        low: end of Student's interval, which errs below with the probability `Tails.larger`.
        high: end of the interval, which errs above with the probability `Tails.smaller`.
        p_larger: of the hypothesis that the mean is not above 0, by sign flips.
        p_smaller: of the hypothesis that it is not below 0.
    """

    n: int
    mean: float
    sd: float
    low: float
    high: float
    p_larger: float
    p_smaller: float


class EffectSize(NamedTuple):
    """The mean difference in standard deviations of the differences, with its 95 % interval."""

    value: float
    low: float
    high: float


def paired_difference(differences: ArrayLike, tails: Tails) -> Difference:
    """Test the mean of paired differences (n,), n >= 2.

    The p values are exact: the share of all 2^n ways to give the differences their signs that have as large a mean; of
    more than 16 pairs, of 99,999 ways drawn with a fixed seed. Source: Fisher 1935, The Design of Experiments, 21.
    """
    d = np.asarray(differences, float)
    low, high = t_interval(d, tails)
    p_larger, p_smaller = _sign_flip_ps(d)
    return Difference(d.size, float(d.mean()), float(d.std(ddof=1)), low, high, p_larger, p_smaller)


def _sign_flip_ps(d: np.ndarray) -> tuple[float, float]:
    """Return the shares of ways to sign the differences with a mean as large as theirs, and as small.

    They are, to the last digit, those of SciPy's permutation_test, which takes many times as long and as much memory.
    """
    is_exact = d.size <= _MOST_EXACT
    mean = d.mean()
    rounding = _ROUNDING * abs(mean)  # means that differ by no more are the same
    ways = as_large = as_small = 0 if is_exact else 1  # of drawn ways the differences as they are count as one more
    for is_flipped in _all_flips(d.size) if is_exact else _drawn_flips(d.size):
        means = np.where(is_flipped, -d[:, np.newaxis], d[:, np.newaxis]).mean(axis=0)
        ways += means.size
        as_large += int(np.count_nonzero(means >= mean - rounding))
        as_small += int(np.count_nonzero(means <= mean + rounding))
    return as_large / ways, as_small / ways


def _all_flips(n: int) -> Iterator[np.ndarray]:
    """Yield all ways to flip n signs or not, as one block (n, ways)."""
    yield np.arange(2**n) >> np.arange(n)[:, np.newaxis] & 1 == 1


def _drawn_flips(n: int) -> Iterator[np.ndarray]:
    """Yield blocks of drawn ways to flip n signs or not (n, ways)."""
    generator = np.random.default_rng(0)
    for first in range(0, _RESAMPLES, _BLOCK):
        ways = min(_BLOCK, _RESAMPLES - first)
        yield np.ascontiguousarray(generator.integers(2**32, size=(ways, n), dtype=np.uint32).T) % 2 == 0


def t_interval(d: np.ndarray, tails: Tails) -> tuple[float, float]:
    """Return Student's interval for the mean, which errs on either side as the tails say."""
    from scipy.special import stdtrit  # noqa: PLC0415

    error = d.std(ddof=1) / math.sqrt(d.size)
    low, high = (stdtrit(d.size - 1, 1 - tail) * error for tail in tails)
    return float(d.mean() - low), float(d.mean() + high)


def equivalence_p(differences: ArrayLike, margin: float) -> float:
    """Return the p value of the hypothesis that the mean is outside of -margin to margin: two one-sided t tests.

    Source: Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657.
    """
    from statsmodels.stats.weightstats import DescrStatsW  # noqa: PLC0415

    d = np.asarray(differences, float)
    if np.ptp(d) == 0:
        return float(abs(d[0]) >= margin)
    return float(DescrStatsW(d).ttost_mean(-margin, margin)[0])


def beyond_p(differences: ArrayLike, margin: float) -> float:
    """Return the p value of the hypothesis that the mean is within -margin to margin: a t test against the nearer end.

    It is two-sided, as the mean may lie beyond either end.
    """
    from scipy.special import stdtr  # noqa: PLC0415

    d = np.asarray(differences, float)
    beyond = abs(float(d.mean())) - margin
    if np.ptp(d) == 0:
        return float(beyond <= 0)
    return min(1.0, 2 * float(stdtr(d.size - 1, -beyond / (d.std(ddof=1) / math.sqrt(d.size)))))


def effect_size(mean: float, sd: float, n: int) -> EffectSize:
    """Return Cohen's d of paired differences, with the interval that the noncentral t distribution gives.

    Where all differences are the same, it has no bounds. Source: Cumming and Finch 2001, Educational and Psychological
    Measurement 61, 532.
    """
    if sd == 0:
        return EffectSize(0.0 if mean == 0 else math.copysign(math.inf, mean), math.nan, math.nan)
    root = math.sqrt(n)
    t = mean / sd * root
    low, high = _scaled_by_deviation(t, n - 1) if abs(t) > _LARGE_T else _noncentralities(t, n - 1)
    return EffectSize(float(mean / sd), low / root, high / root)


def _noncentralities(t: float, freedom: int) -> tuple[float, float]:
    """Return the 95 % interval of the noncentrality."""
    from scipy.optimize import brentq  # noqa: PLC0415

    reach = 10 + abs(t)
    low, high = (
        brentq(lambda shift, share=share: _noncentral_t(t, freedom, shift) - share, t - reach, t + reach)
        for share in (0.975, 0.025)
    )
    return float(low), float(high)


def _scaled_by_deviation(t: float, freedom: int) -> tuple[float, float]:
    """Return the same where only the estimate of the standard deviation is left to chance, by its chi distribution."""
    from scipy.special import chdtri  # noqa: PLC0415

    low, high = sorted(t * math.sqrt(float(chdtri(freedom, tail)) / freedom) for tail in (0.975, 0.025))
    return low, high


def _noncentral_t(t: float, freedom: int, shift: float) -> float:
    """Return the distribution function; far from its middle, SciPy's gives NaN."""
    from scipy.stats import nct  # noqa: PLC0415

    value = float(nct.cdf(t, freedom, shift))
    return float(shift < t) if math.isnan(value) else value
