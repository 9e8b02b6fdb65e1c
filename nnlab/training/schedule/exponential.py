"""Exponential decay: factor^epoch, the same for all updates of an epoch, as PyTorch's ExponentialLR per epoch.

For a decay per update see exponential_per_update. Source: Senior et al. 2013.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.training.schedule import Course

PARAMETERS = {"factor": Parameter(0.95, number(0, 1, open_low=True))}


def factors(course: Course, factor: float) -> np.ndarray:
    """Return the factors (steps,), which shrink by `factor` from epoch to epoch."""
    return np.full(course.steps, factor**course.epoch)
