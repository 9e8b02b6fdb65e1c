"""Plain uniform on [-limit, limit), the same for every layer: variance limit^2 / 3.

Source: PyTorch's init.uniform_; the default limit is that of Keras's RandomUniform.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.initialisation._common import COMMON

PARAMETERS = {"limit": Parameter(0.05, number(0)), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, limit: float) -> np.ndarray:
    """Return weights (inputs, units) from [-limit, limit)."""
    return generator.uniform(-limit, limit, (inputs, units))
