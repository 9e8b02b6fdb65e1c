"""Zeros: W = 0. All units of a layer then get the same gradient and stay alike: for linear models alone.

Source: PyTorch's init.zeros_; Goodfellow, Bengio and Courville 2016, section 8.4, on why units should differ.
"""

from __future__ import annotations

import numpy as np

from nnlab.initialisation._common import COMMON

PARAMETERS = {**COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    """Return weights (inputs, units) of 0; nothing is drawn."""
    del generator
    return np.zeros((inputs, units))
