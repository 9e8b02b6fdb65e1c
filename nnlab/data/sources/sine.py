"""One period of a sine with noise.

Source: generated here; Bishop 2006, section 1.1, has sin(2 pi x) with noise.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._generated import curve, parameters

PARAMETERS = parameters(noise=0.1)
COMMON = common_parameters(REGRESSION)


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return x uniform in [-pi, pi] and y = sin(x) + noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-np.pi, np.pi, examples)
    return curve("sine", x, np.sin(x) + rng.normal(0, noise, examples))
