"""Polynomial decay per update: final + (1 - final) (1 - u / total)^power at update u of total, counted from 0.

With final = 0 as PyTorch's PolynomialLR stepped at each update; `final` itself would follow after the last update.
Power 1 is the linear decay. Source: Chen et al. 2018 (DeepLab: "poly", power 0.9).
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.training.schedule import Course

PARAMETERS = {
    "power": Parameter(1.0, number(0, open_low=True)),
    "final": Parameter(0.0, number(0, 1)),
}


def needs_length(**_: float) -> bool:
    """Tell that they depend on the number of epochs planned."""
    return True


def factors(course: Course, power: float, final: float) -> np.ndarray:
    """Return the factors (steps,), which fall from 1 towards `final` over the whole training."""
    return final + (1.0 - final) * (1.0 - course.updates / course.total) ** power
