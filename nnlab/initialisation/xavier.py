"""Xavier: uniform with variance 2 / (inputs + units). Source: Glorot and Bengio 2010, eq. 16."""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter

PARAMETERS: dict[str, Parameter] = {}


def weights(generator: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    """Return weights (inputs, units) from [-r, r) with r = sqrt(6 / (inputs + units))."""
    bound = np.sqrt(6.0 / (inputs + units))
    return generator.uniform(-bound, bound, (inputs, units))
