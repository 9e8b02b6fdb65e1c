"""Demand that grows with x and scatters by factors: log y = 1 + x + noise.

Of lognormal targets the best predictions differ from loss to loss: exp(1 + x) times exp(noise^2 / 2) of the squared
error, which is the mean, times 1 of the absolute error, the median, and times exp(-noise^2) of the absolute percentage
error: the median where an example weighs 1 / y. Source: generated here.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._generated import curve, parameters

PARAMETERS = parameters(noise=0.5)
COMMON = common_parameters(REGRESSION)


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return x uniform in [-1, 1] and y = exp(1 + x + noise), which is above 0."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, examples)
    return curve("demand", x, np.exp(1 + x + rng.normal(0, noise, examples)))
