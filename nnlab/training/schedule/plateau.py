"""Reduce on plateau: times `factor` once more than `patience` epochs in turn were no better than the best before.

Better: validation loss < best (1 - threshold). After a reduction, `cooldown` epochs do not count. The factor changes
per epoch and is never below `minimum`. As PyTorch's ReduceLROnPlateau(mode="min", threshold_mode="rel", eps=0): without
eps, PyTorch leaves out reductions of the rate by less than 1e-8. Source: He et al. 2016, section 3.4.
"""

from __future__ import annotations

import math

import numpy as np

from nnlab.checks import Parameter, number, whole
from nnlab.training.schedule import Course

PARAMETERS = {
    "factor": Parameter(0.1, number(0, 1, open_low=True, open_high=True)),
    "patience": Parameter(10, whole(0)),  # epochs
    "threshold": Parameter(1e-4, number(0, 1)),  # a part of the best loss
    "cooldown": Parameter(0, whole(0)),  # epochs
    "minimum": Parameter(0.0, number(0, 1)),  # in units of the learning rate at the start
}


def factors(
    course: Course, factor: float, patience: int, threshold: float, cooldown: int, minimum: float
) -> np.ndarray:
    """Return the factors (steps,), all the same, that the epochs before this one lead to."""
    current, best, bad, cooling = 1.0, math.inf, 0, 0
    for loss in course.validation_losses[: course.epoch]:
        is_better = loss < best * (1.0 - threshold)
        best, bad = (loss, 0) if is_better else (best, bad + 1)
        if cooling:
            bad, cooling = 0, cooling - 1
        if bad > patience:
            current, bad, cooling = max(current * factor, minimum), 0, cooldown
    return np.full(course.steps, current)
