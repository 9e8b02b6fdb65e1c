"""The shape of the 1cycle policy, which learning rate and momentum share: up to a peak and down again.

Source: Smith and Topin 2018, with cosine flanks as PyTorch's OneCycleLR: pct_start * total - 1 is the peak's update.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.training.schedule._course import Course

PCT_START = Parameter(0.3, number(0, 1))  # the part of all updates that leads up to the peak


def is_rising(course: Course, pct_start: float) -> np.ndarray:
    """Tell for each update (steps,) whether it leads up to the peak, the peak included."""
    return course.updates <= _peak(course, pct_start)


def height(course: Course, pct_start: float) -> np.ndarray:
    """Return the height (steps,) of the cycle at each update, 0 to 1: (1 - cos(pi p)) / 2 = sin(pi p / 2)^2.

    p is the part of a flank between its foot and the update: it grows to 1 at the peak, then falls to 0 at the
    last update of the training. A peak before the first update (pct_start * total < 1) is passed when training starts.
    """
    peak, last = _peak(course, pct_start), course.total - 1.0
    climbed = _part(course.updates, peak)
    left = _part(last - course.updates, last - peak)
    return np.sin(np.pi / 2.0 * np.where(is_rising(course, pct_start), climbed, left)) ** 2


def _peak(course: Course, pct_start: float) -> float:
    return pct_start * course.total - 1.0


def _part(way: np.ndarray, whole: float) -> np.ndarray:
    """Return way / whole; 1 on a flank without length, which is all peak."""
    return way / whole if whole > 0 else np.ones_like(way)
