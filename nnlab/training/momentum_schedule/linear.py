"""Linear ramp: (1 - p) start + p momentum with p = min(1, epoch / epochs), epoch from 0, the same within an epoch.

So epoch number `epochs` is the first at the optimizer's momentum. Sutskever et al. 2013 show why a large momentum
should come late. Source: Hinton et al. 2012 (dropout), appendix A.1: start 0.5, 500 epochs, momentum 0.99; Goodfellow
et al. 2013 (maxout), in their pylearn2 script mnist_pi.yaml: start 0.5, 249 epochs, momentum 0.7.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number, whole
from nnlab.training.schedule import Course

PARAMETERS = {
    "start": Parameter(0.5, number(0, 1, open_high=True)),
    "epochs": Parameter(10, whole(1)),
}


def momenta(course: Course, momentum: float, start: float, epochs: int) -> np.ndarray:
    """Return the momentum (steps,) of each update; it falls where `start` is above the optimizer's momentum."""
    part = min(1.0, course.epoch / epochs)
    return np.full(course.steps, (1.0 - part) * start + part * momentum)
