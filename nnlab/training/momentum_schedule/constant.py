"""Constant: the optimizer's momentum at every update."""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter
from nnlab.training.schedule import Course

PARAMETERS: dict[str, Parameter] = {}


def momenta(course: Course, momentum: float) -> np.ndarray:
    """Return the momentum (steps,) of each update."""
    return np.full(course.steps, momentum)
