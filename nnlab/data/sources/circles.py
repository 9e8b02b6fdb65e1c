"""A circle within a circle.

Source: scikit-learn's make_circles.
"""

from __future__ import annotations

from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._generated import labelled_points, parameters

PARAMETERS = parameters(noise=0.1)
COMMON = common_parameters(CLASSIFICATION)


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return the points of scikit-learn's make_circles, radii 1 and 0.5."""
    from sklearn.datasets import make_circles  # noqa: PLC0415

    points, labels = make_circles(examples, noise=noise, random_state=seed, factor=0.5)
    return labelled_points("circles", points, labels)
