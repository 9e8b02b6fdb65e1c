"""Identity: w_ij = 1 where i = j, else 0, so that a layer at first hands on what it gets.

For residual networks, and for deep ReLU networks as in the IRNN; `scale` makes it a fraction of that.
Source: Le, Jaitly and Hinton 2015.
"""

from __future__ import annotations

import numpy as np

from nnlab.initialisation._common import COMMON

PARAMETERS = {**COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    """Return weights (inputs, units) with ones on the diagonal; nothing is drawn."""
    del generator
    return np.eye(inputs, units)
