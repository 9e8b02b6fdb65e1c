"""Constant: the optimizer's momentum at every update.

Source: Polyak 1964; as the momentum of PyTorch's SGD.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter
from nnlab.training.schedule import Course

PARAMETERS: dict[str, Parameter] = {}


def momenta(course: Course, momentum: float) -> np.ndarray:
    """Return the momentum (steps,) of each update."""
    return np.full(course.steps, momentum)
