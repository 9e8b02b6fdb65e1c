"""Means over seeds and how far they can be trusted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class Interval(NamedTuple):
    """A mean with its confidence interval."""

    mean: float
    low: float
    high: float


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean of the values (seeds,) and Student's t interval for it.

    NaN (a seed that diverged) is left out; the interval of fewer than two values is NaN.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - the t quantile, without importing all of scipy.stats

    x = np.asarray(values, float)
    x = x[np.isfinite(x)]
    if x.size == 0:
        return Interval(np.nan, np.nan, np.nan)
    if x.size == 1:
        return Interval(float(x[0]), np.nan, np.nan)
    margin = stdtrit(x.size - 1, 0.5 + confidence / 2) * x.std(ddof=1) / np.sqrt(x.size)
    return Interval(float(x.mean()), float(x.mean() - margin), float(x.mean() + margin))
