"""One period of a sine with noise.

Source: generated here; Bishop 2006, section 1.1, has sin(2 pi x) with noise.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._generated import contaminated, curve, parameters

PARAMETERS = parameters(noise=0.1, outliers=True)
COMMON = common_parameters(REGRESSION)


def load(examples: int, noise: float, outliers: float, seed: int) -> Dataset:
    """Return x uniform in [-pi, pi] and y = sin(x) + noise; outliers, a share of all, have ten times as much."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-np.pi, np.pi, examples)
    return curve("sine", x, np.sin(x) + contaminated(rng, examples, noise, outliers))
