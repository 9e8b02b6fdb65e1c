"""Plain normal with a fixed standard deviation, the same for every layer: usual before Glorot and Bengio 2010.

Source: Krizhevsky, Sutskever and Hinton 2012, section 5, with standard deviation 0.01; as PyTorch's init.normal_.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.initialisation._common import COMMON

PARAMETERS = {"std": Parameter(0.01, number(0)), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, std: float) -> np.ndarray:
    """Return weights (inputs, units) with standard deviation `std`."""
    return generator.normal(0.0, std, (inputs, units))
