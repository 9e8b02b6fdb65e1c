"""Learning-rate schedules, one file each; the name of the file is the name in the configuration.

A piece offers ``PARAMETERS`` and ``factors(course, **settings)``, which returns, for each update of one epoch, what the
learning rate is multiplied by: (steps,) float64, at least 0. Its docstring says whether the factor changes per update
or per epoch; ``needs_length(**settings)``, where it is there, whether it depends on how many epochs are planned.
A piece holds no state: all follows from the `Course`, so that a resumed training has the same rates.

`learning_rates` multiplies a base rate with the factors of a schedule and those of `warm_up`, which goes with any.
"""

from __future__ import annotations

from nnlab.training.schedule._course import Course
from nnlab.training.schedule._learning_rates import learning_rates
from nnlab.training.schedule._warm_up import warm_up

__all__ = ["Course", "learning_rates", "warm_up"]
