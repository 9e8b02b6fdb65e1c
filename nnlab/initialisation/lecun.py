"""LeCun: variance 1 / inputs, normal or uniform, which keeps the variance through linear units (and tanh near 0).

Also what self-normalising networks start from. Source: LeCun et al. 1998, Efficient BackProp, eq. 16.
"""

from __future__ import annotations

import numpy as np

from nnlab.initialisation._common import COMMON
from nnlab.initialisation._variance_scaling import NORMAL, distribution, drawn

PARAMETERS = {**distribution(NORMAL), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, distribution: str) -> np.ndarray:
    """Return weights (inputs, units) with standard deviation sqrt(1 / inputs)."""
    return drawn(generator, (inputs, units), 1.0, inputs, distribution)
