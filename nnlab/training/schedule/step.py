"""Step decay: factor^floor(epoch / every), the same for all updates of an epoch, as PyTorch's StepLR per epoch.

Source: He et al. 2016, section 4.2, who divide by 10 twice, at fixed updates.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number, whole
from nnlab.training.schedule import Course

PARAMETERS = {
    "every": Parameter(10, whole(1)),  # epochs
    "factor": Parameter(0.1, number(0, 1, open_low=True)),
}


def factors(course: Course, every: int, factor: float) -> np.ndarray:
    """Return the factors (steps,): 1 for the first `every` epochs, then `factor`, then its square, and so on."""
    return np.full(course.steps, factor ** (course.epoch // every))
