"""He: variance 2 / inputs, normal or uniform, which keeps the variance of ReLU activations.

Source: He et al. 2015, eq. 10.
"""

from __future__ import annotations

import numpy as np

from nnlab.initialisation._common import COMMON
from nnlab.initialisation._variance_scaling import NORMAL, distribution, drawn

PARAMETERS = {**distribution(NORMAL), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, distribution: str) -> np.ndarray:
    """Return weights (inputs, units) with standard deviation sqrt(2 / inputs)."""
    return drawn(generator, (inputs, units), 2.0, inputs, distribution)
