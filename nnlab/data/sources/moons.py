"""Two interleaved half circles.

Source: scikit-learn's make_moons.
"""

from __future__ import annotations

from nnlab.data.common import common_parameters
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.data.sources._generated import labelled_points, parameters

PARAMETERS = parameters(noise=0.1)
COMMON = common_parameters(CLASSIFICATION)


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return the points of scikit-learn's make_moons."""
    from sklearn.datasets import make_moons  # noqa: PLC0415

    points, labels = make_moons(examples, noise=noise, random_state=seed)
    return labelled_points("moons", points, labels)
