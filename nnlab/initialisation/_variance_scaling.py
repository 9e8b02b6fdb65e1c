"""Random weights of a given variance, normal or uniform: what He, Xavier and LeCun share."""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, one_of

NORMAL = "normal"
UNIFORM = "uniform"


def distribution(default: str) -> dict[str, Parameter]:
    """Return the setting `distribution` with its default; either has the same variance."""
    return {"distribution": Parameter(default, one_of(NORMAL, UNIFORM))}


def drawn(
    generator: np.random.Generator, shape: tuple[int, int], numerator: float, fan: int, distribution: str
) -> np.ndarray:
    """Return weights (inputs, units) with mean 0 and variance numerator / fan; uniform ones from [-r, r)."""
    if distribution == UNIFORM:
        bound = np.sqrt(3.0 * numerator / fan)  # a uniform variable on [-r, r) has the variance r^2 / 3
        return generator.uniform(-bound, bound, shape)
    return generator.normal(0.0, np.sqrt(numerator / fan), shape)
