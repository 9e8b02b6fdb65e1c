"""Two interlocked spirals of three turns each.

Source: K. Lang and M. Witbrock, Learning to tell two spirals apart, 1988.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._generated import labelled_points, parameters

PARAMETERS = parameters(noise=0.0)
COMMON = common_parameters(CLASSIFICATION)

STEPS = 96


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return points with radius 6.5 (104 - t) / 104 at angle pi t / 16, t from 0 to 96 in even steps.

    The other class is the same turned by half a turn; neighbouring arms lie 1 apart. 194 examples without
    noise are the original points.
    """
    labels = np.arange(examples) % 2
    step = np.arange(examples) // 2
    t = step * STEPS / step.max()
    radius, angle = 6.5 * (104 - t) / 104, np.pi * (t / 16 + labels)
    points = np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))
    points += np.random.default_rng(seed).normal(0, noise, points.shape)
    return labelled_points("two_spirals", points, labels)
