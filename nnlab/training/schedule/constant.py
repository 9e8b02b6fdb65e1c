"""Constant: factor 1; the learning rate stays as it is, apart from a warm-up.

Source: PyTorch's ConstantLR with factor=1.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter
from nnlab.training.schedule import Course

PARAMETERS: dict[str, Parameter] = {}


def factors(course: Course) -> np.ndarray:
    """Return ones (steps,)."""
    return np.ones(course.steps)
