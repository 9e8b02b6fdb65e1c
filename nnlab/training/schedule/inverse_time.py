"""Inverse time: 1 / (1 + decay t) at each update, t the time in epochs, fractions included: "search, then converge".

Source: Darken and Moody 1991, with tau = 1 / decay; it obeys the conditions of Robbins and Monro 1951.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.training.schedule import Course

PARAMETERS = {"decay": Parameter(0.1, number(0))}  # per epoch


def factors(course: Course, decay: float) -> np.ndarray:
    """Return the factors (steps,): 1 at the first update, a half 1 / decay epochs later."""
    return 1.0 / (1.0 + decay * course.passed)
