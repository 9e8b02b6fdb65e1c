"""Exclusive or: the four quadrants of a square, opposite ones in the same class.

Source: generated here; Rumelhart, Hinton and Williams 1986 have the exclusive or of two bits.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._generated import labelled_points, parameters

PARAMETERS = parameters(noise=0.0)
COMMON = common_parameters(CLASSIFICATION)


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return points uniform in [-1, 1] x [-1, 1]; class 1 where exactly one coordinate is positive.

    The noise moves the points after they have their classes.
    """
    rng = np.random.default_rng(seed)
    quadrant = np.arange(examples) % 4
    positive = np.column_stack((quadrant // 2, quadrant % 2))
    corners = 2 * positive - 1
    points = corners * rng.uniform(0, 1, (examples, 2)) + rng.normal(0, noise, (examples, 2))
    return labelled_points("xor", points, positive.sum(axis=1) % 2)
