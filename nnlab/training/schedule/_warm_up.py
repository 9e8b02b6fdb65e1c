"""Gradual warm-up: the learning rate grows linearly over the first updates. Source: Goyal et al. 2017, section 2.2."""

from __future__ import annotations

import numpy as np

from nnlab.training.schedule._course import Course


def warm_up(course: Course, epochs: float) -> np.ndarray:
    """Return the factors min(1, (u + 1) / n), (steps,), of updates u for a warm-up of n = epochs * steps updates.

    So the first factor is 1 / n, as with PyTorch's LinearLR(start_factor=1/n, total_iters=n-1), and the n-th is 1.
    All are 1 without a warm-up (epochs = 0), or where it is shorter than one update.
    """
    warming = epochs * course.steps
    return np.minimum(1.0, (course.updates + 1.0) / warming) if warming > 0 else np.ones(course.steps)
