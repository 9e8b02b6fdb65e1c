"""A function of eight inputs that is composed of functions of two, in two classes.

Source: generated here; Poggio et al. 2017, Why and when can deep networks avoid the curse of dimensionality, ask for
functions that are composed by a binary tree.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset, one_hot
from nnlab.data.sources._generated import parameters

PARAMETERS = parameters()
COMMON = common_parameters(CLASSIFICATION)

INPUTS = 8


def load(examples: int, seed: int) -> Dataset:
    """Return points uniform in [-1, 1]^8; class 1 where the root of the tree is above the median of all points.

    A node of the tree is h(a, b) = |a - b| - 2/3, of which the mean is 0 for independent uniform inputs. The leaves are
    the inputs in their order: h(h(h(x1, x2), h(x3, x4)), h(h(x5, x6), h(x7, x8))).
    """
    points = np.random.default_rng(seed).uniform(-1, 1, (examples, INPUTS))
    root = tree(points)
    return Dataset(
        name="composition",
        task=CLASSIFICATION,
        inputs=points,
        targets=one_hot((root > np.median(root)).astype(np.int64), 2),
        feature_names=tuple(f"x{place}" for place in range(1, INPUTS + 1)),
        class_names=("0", "1"),
        source="generated",
    )


def tree(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the root's value (examples,) for leaves (examples, inputs), of which there are a power of two."""
    level = points
    while level.shape[1] > 1:
        level = np.abs(level[:, ::2] - level[:, 1::2]) - 2 / 3
    return level[:, 0]
