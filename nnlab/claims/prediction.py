"""Could a published number be one more run of ours?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

_DRAWS = 200_000


def prediction_interval(
    values: ArrayLike, *, best_of: int = 1, lower_is_better: bool = True, test_error: float = 0.0
) -> tuple[float, float]:
    """Return the 95 % prediction interval of one new run, or of the best of several.

    Mean and standard deviation of normal values (n,) are not known but estimated, so they are drawn too: of one run, it
    is Student's prediction interval. Source: Geisser 1993, Predictive Inference.

    Args:
        values: of our seeds, n >= 2.
        best_of: runs of which the best was published.
        lower_is_better: which of several is the best.
        test_error: standard deviation that the choice of test examples adds, in the unit of the values.
    """
    x = np.asarray(values, float)
    generator = np.random.default_rng(0)
    sd = x.std(ddof=1) * np.sqrt((x.size - 1) / generator.chisquare(x.size - 1, _DRAWS))
    mean = x.mean() + sd / np.sqrt(x.size) * generator.standard_normal(_DRAWS)
    runs = mean[:, None] + sd[:, None] * generator.standard_normal((_DRAWS, best_of))
    best = runs.min(axis=1) if lower_is_better else runs.max(axis=1)
    low, high = np.quantile(best + test_error * generator.standard_normal(_DRAWS), (0.025, 0.975))
    return float(low), float(high)


def share_error(share: float, examples: int) -> float:
    """Return the standard deviation of a share that is measured on so many test examples."""
    return float(np.sqrt(share * (1 - share) / examples))
