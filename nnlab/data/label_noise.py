"""Label noise: training targets that are wrong on purpose, to see whether a network learns them by heart.

Source: Angluin and Laird 1988 for symmetric noise; Zhang et al. 2017 for networks that fit it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import number
from nnlab.data.dataset import CLASSIFICATION, MULTILABEL, Dataset, one_hot

RATE = number(0, 1)

Rows = npt.NDArray[np.int64]


def noisy_targets(dataset: Dataset, rows: Rows, rate: float, generator: np.random.Generator) -> npt.NDArray[Any]:
    """Return a copy of all targets (examples, outputs), those of some rows with noise.

    Classification: a share `rate` of the rows, to the nearest whole number, gets another class; every other class is
    as likely, and the old one is never drawn. With several heads, each draws rows and classes of its own. Multilabel:
    each 0 or 1 is flipped with the probability `rate`. Regression: normal noise is added, its standard deviation `rate`
    times that of the rows' targets, output by output.

    With the same generator a higher rate keeps the wrong labels of a lower one, and adds to them.

    Args:
        dataset: the data, which stay as they are.
        rows: which examples get noise: the training split.
        rate: 0 to 1.
        generator: decides which labels are wrong, and how.
    """
    noisy: npt.NDArray[Any] = dataset.targets.copy()
    given = noisy[rows]
    if dataset.task == CLASSIFICATION:
        noisy[rows] = np.hstack([_other_classes(block, rate, generator) for block in dataset.blocks(given)])
    elif dataset.task == MULTILABEL:
        noisy[rows] = np.where(generator.random(given.shape) < rate, 1 - given, given)
    else:
        noisy[rows] = given + rate * given.std(axis=0) * generator.standard_normal(given.shape)
    return noisy


def _other_classes(given: npt.NDArray[Any], rate: float, generator: np.random.Generator) -> npt.NDArray[Any]:
    """Move the class of some one-hot rows on by 1 to classes - 1 places, in a circle."""
    examples, classes = given.shape
    steps = generator.integers(1, classes, size=(examples,))
    steps[generator.permutation(examples)[round(rate * examples) :]] = 0
    return one_hot((given.argmax(axis=1) + steps) % classes, classes)
