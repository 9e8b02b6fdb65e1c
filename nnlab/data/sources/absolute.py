"""The absolute value of one variable, y = |x|: two straight lines that meet in a kink.

Source: generated here; Lu et al. 2019, Dying ReLU and initialization, fit it on the same interval.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._generated import curve, parameters

PARAMETERS = parameters(noise=0.0)
COMMON = common_parameters(REGRESSION)

LARGEST = np.sqrt(3)  # so that x has a standard deviation of 1


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return x uniform in [-sqrt 3, sqrt 3] and y = |x| + noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-LARGEST, LARGEST, examples)
    return curve("absolute", x, np.abs(x) + rng.normal(0, noise, examples))
