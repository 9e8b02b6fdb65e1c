"""1cycle per update: momentum - (momentum - lowest) h, the inverse of the learning rate's cycle of height h.

It falls from the optimizer's momentum to `lowest`, where the learning rate peaks, and rises again; meant to go with
schedule=one_cycle and the same pct_start. Source: Smith and Topin 2018; as PyTorch's OneCycleLR with cosine flanks,
max_momentum = the optimizer's momentum and base_momentum = lowest.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.errors import bad_value
from nnlab.training.schedule import Course
from nnlab.training.schedule._cycle import PCT_START, height

PARAMETERS = {
    "lowest": Parameter(0.85, number(0, 1, open_high=True)),
    "pct_start": PCT_START,
}


def needs_length(**_: float) -> bool:
    """Tell that they depend on the number of epochs planned."""
    return True


def momenta(course: Course, momentum: float, lowest: float, pct_start: float) -> np.ndarray:
    """Return the momentum (steps,) of each update.

    Raises:
        ConfigurationError: the lowest momentum is above the optimizer's.
    """
    if lowest > momentum:
        raise bad_value("momentum_schedule.lowest", lowest, f"at most the optimizer's momentum, {momentum:g}")
    return momentum - (momentum - lowest) * height(course, pct_start)
