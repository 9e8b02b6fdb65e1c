"""Sparse: each unit has 15 connections, normal with standard deviation 1, and 0 for all others.

So what reaches a unit is as large in a wide layer as in a narrow one. Source: Martens 2010, section 5; Sutskever et
al. 2013, section 4.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, whole
from nnlab.initialisation._common import COMMON

PARAMETERS = {"connections": Parameter(15, whole(1)), **COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int, connections: int) -> np.ndarray:
    """Return weights (inputs, units) with `connections` of them not 0 in each column, or all if inputs are fewer."""
    # The ranks of random numbers are a random order: in each column the same number of ranks is low enough.
    is_connected = generator.random((inputs, units)).argsort(axis=0) < connections
    return np.where(is_connected, generator.normal(size=(inputs, units)), 0.0)
