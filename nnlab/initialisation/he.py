"""He: normal with variance 2 / inputs, which keeps the variance of ReLU activations. Source: He et al. 2015, eq. 10."""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter

PARAMETERS: dict[str, Parameter] = {}


def weights(generator: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    """Return weights (inputs, units) with standard deviation sqrt(2 / inputs)."""
    return generator.normal(0.0, np.sqrt(2.0 / inputs), (inputs, units))
