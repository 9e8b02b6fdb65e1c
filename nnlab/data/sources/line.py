"""A straight line with noise, y = 2x - 3: one weight and one bias can learn it.

Source: generated here; scikit-learn's make_regression draws such lines.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._generated import contaminated, curve, parameters

PARAMETERS = parameters(noise=0.1, outliers=True)
COMMON = common_parameters(REGRESSION)


def load(examples: int, noise: float, outliers: float, seed: int) -> Dataset:
    """Return x uniform in [-1, 1] and y = 2x - 3 + noise; outliers, a share of all, have ten times as much."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, examples)
    return curve("line", x, 2 * x - 3 + contaminated(rng, examples, noise, outliers))
