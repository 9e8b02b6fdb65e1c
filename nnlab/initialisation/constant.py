"""Constant: w_ij = value, so that all units of a layer compute the same and get the same gradient.

Source: PyTorch's init.constant_; Goodfellow, Bengio and Courville 2016, section 8.4, on why units should differ.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.initialisation._common import COMMON

PARAMETERS = {"value": Parameter(0.1, number()), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, value: float) -> np.ndarray:
    """Return weights (inputs, units) that are all `value`; nothing is drawn."""
    del generator
    return np.full((inputs, units), value)
