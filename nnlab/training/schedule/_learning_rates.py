"""The learning rates of one epoch: base rate, warm-up and schedule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlab import registry
from nnlab.training.schedule._course import Course
from nnlab.training.schedule._warm_up import warm_up


def learning_rates(base: float, schedule: Mapping[str, Any], warm_up_epochs: float, course: Course) -> np.ndarray:
    """Return base * warm-up * factors, the rate (steps,) of each update of an epoch; float64.

    Args:
        base: the learning rate that the factors multiply.
        schedule: the name of a schedule, and all its settings.
        warm_up_epochs: how long the warm-up lasts, in epochs; 0: none.
        course: the epoch.
    """
    settings = {key: value for key, value in schedule.items() if key != "name"}
    piece = registry.piece("nnlab.training.schedule", schedule["name"])
    rates: np.ndarray = base * (warm_up(course, warm_up_epochs) * piece.factors(course, **settings))
    return rates
