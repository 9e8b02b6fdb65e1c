"""Cosine annealing per update: final + (1 - final) (1 + cos(pi t / T)) / 2, t epochs after the start or a restart.

T is the length of a cycle: all epochs, or `restart_every` epochs at first and `restart_growth` times as long after each
restart; `final` itself would follow after the last update of a cycle. Source: Loshchilov and Hutter 2017 (SGDR); as
PyTorch's CosineAnnealingLR and, with restarts, CosineAnnealingWarmRestarts, stepped at each update.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number, optional, whole
from nnlab.training.schedule import Course

PARAMETERS = {
    "final": Parameter(0.0, number(0, 1)),
    "restart_every": Parameter(None, optional(whole(1))),  # epochs; None: no restart
    "restart_growth": Parameter(1.0, number(1)),
}


def needs_length(restart_every: int | None, **_: float) -> bool:
    """Tell whether the factors depend on the number of epochs planned: where there is no restart."""
    return restart_every is None


def factors(course: Course, final: float, restart_every: int | None, restart_growth: float) -> np.ndarray:
    """Return the factors (steps,), which fall from 1 towards `final` and jump back to 1 at a restart."""
    starts = _starts(course, restart_every or course.epochs, restart_growth)
    cycle = np.searchsorted(starts, course.passed, side="right") - 1
    part = (course.passed - starts[cycle]) / (starts[cycle + 1] - starts[cycle])
    # (1 + cos x) / 2 without the cancellation near the end.
    annealed: np.ndarray = np.cos(np.pi / 2.0 * part) ** 2
    return final + (1.0 - final) * annealed


def _starts(course: Course, length: float, growth: float) -> np.ndarray:
    """Return the times, in epochs, at which cycles start, up to the first one after this epoch."""
    starts = [0.0]
    while starts[-1] <= course.epoch + 1:
        starts.append(starts[-1] + length)
        length *= growth
    return np.array(starts)
