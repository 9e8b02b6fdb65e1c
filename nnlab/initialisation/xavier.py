"""Xavier: variance 2 / (inputs + units), uniform or normal, a middle way between keeping activations and gradients.

Source: Glorot and Bengio 2010, eq. 16.
"""

from __future__ import annotations

import numpy as np

from nnlab.initialisation._common import COMMON
from nnlab.initialisation._variance_scaling import UNIFORM, distribution, drawn

PARAMETERS = {**distribution(UNIFORM), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, distribution: str) -> np.ndarray:
    """Return weights (inputs, units), by default from [-r, r) with r = sqrt(6 / (inputs + units))."""
    return drawn(generator, (inputs, units), 2.0, inputs + units, distribution)
