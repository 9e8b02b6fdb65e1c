"""1cycle per update: low + (1 - low) h, h the height of one cycle: from 1 / div_factor up to 1, then far down.

The learning rate is the maximum rate: training starts at 1 / div_factor of it, peaks when the part `pct_start` of all
updates is done, and ends at 1 / (div_factor final_div_factor).
Source: Smith and Topin 2018; as PyTorch's OneCycleLR with cosine flanks.
"""

from __future__ import annotations

import numpy as np

from nnlab.checks import Parameter, number
from nnlab.training.schedule import Course
from nnlab.training.schedule._cycle import PCT_START, height, is_rising

PARAMETERS = {
    "pct_start": PCT_START,
    "div_factor": Parameter(25.0, number(1)),
    "final_div_factor": Parameter(1e4, number(1)),
}


def needs_length(**_: float) -> bool:
    """Tell that they depend on the number of epochs planned."""
    return True


def factors(course: Course, pct_start: float, div_factor: float, final_div_factor: float) -> np.ndarray:
    """Return the factors (steps,), at most 1."""
    start = 1.0 / div_factor
    low = np.where(is_rising(course, pct_start), start, start / final_div_factor)
    rates: np.ndarray = low + (1.0 - low) * height(course, pct_start)
    return rates
