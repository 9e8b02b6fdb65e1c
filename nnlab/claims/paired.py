"""Is the mean of paired differences above 0, below it, or as good as 0?"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.claims.tails import Tails

_MOST_EXACT = 16  # pairs of which all sign flips are tried
_RESAMPLES = 99_999  # flips that are drawn, where there are more pairs


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
    p_larger, p_smaller = (_sign_flip_p(d, alternative) for alternative in ("greater", "less"))
    return Difference(d.size, float(d.mean()), float(d.std(ddof=1)), low, high, p_larger, p_smaller)


def _sign_flip_p(d: np.ndarray, alternative: str) -> float:
    from scipy.stats import permutation_test  # noqa: PLC0415

    test = permutation_test(
        (d,),
        np.mean,
        permutation_type="samples",
        alternative=alternative,
        n_resamples=2**_MOST_EXACT if d.size <= _MOST_EXACT else _RESAMPLES,
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    return float(test.pvalue)


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
    from scipy.optimize import brentq  # noqa: PLC0415

    if sd == 0:
        return EffectSize(0.0 if mean == 0 else math.copysign(math.inf, mean), math.nan, math.nan)
    root = math.sqrt(n)
    t = mean / sd * root
    reach = 10 + abs(t)
    low, high = (
        brentq(lambda shift, share=share: _noncentral_t(t, n - 1, shift) - share, t - reach, t + reach)
        for share in (0.975, 0.025)
    )
    return EffectSize(float(mean / sd), low / root, high / root)


def _noncentral_t(t: float, freedom: int, shift: float) -> float:
    """Return the distribution function; far from its middle, SciPy's gives NaN."""
    from scipy.stats import nct  # noqa: PLC0415

    value = float(nct.cdf(t, freedom, shift))
    return float(shift < t) if math.isnan(value) else value
