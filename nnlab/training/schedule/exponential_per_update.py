"""Exponential decay per update: max(decay^-u, minimum) at update u, counted from 0.

The default minimum is a lowest rate of 1e-6 over a learning rate of 0.1. Source: Goodfellow et al. 2013 (maxout), in
their pylearn2 scripts/papers/maxout/mnist_pi.yaml: ExponentialDecay with decay_factor 1.000004 and min_lr 1e-6.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.training.schedule import Course

PARAMETERS = {
    "decay": Parameter(1.000004, number(1)),  # what the rate is divided by after each update
    "minimum": Parameter(1e-5, number(0, 1)),  # in units of the learning rate at the start
}


def factors(course: Course, decay: float, minimum: float) -> np.ndarray:
    """Return the factors (steps,); a negative power sinks to 0 where a positive one would overflow."""
    return np.maximum(decay**-course.updates, minimum)
