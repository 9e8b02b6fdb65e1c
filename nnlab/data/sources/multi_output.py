"""Where the hand of a robot is, three coordinates at once, by the angles of its three joints.

Source: generated here; MacKay 1992 has an arm of two joints in the plane.
"""

from __future__ import annotations

import numpy as np

from nnlab.data.common import common_parameters
from nnlab.data.dataset import REGRESSION, Dataset
from nnlab.data.sources._generated import parameters

PARAMETERS = parameters(noise=0.05)
COMMON = common_parameters(REGRESSION)


LOWEST, HIGHEST = (-np.pi / 2, 0.0, -np.pi), (np.pi / 2, np.pi, np.pi)  # of the angles


def load(examples: int, noise: float, seed: int) -> Dataset:
    """Return angles (examples, 3), uniform in their ranges, and the place (x, y, z) of the hand, plus noise.

    The arm turns about the vertical by t, and has two links of length 1 that rise by a and a + b:
    x = r cos t, y = r sin t, z = sin a + sin(a + b), where r = cos a + cos(a + b).
    """
    rng = np.random.default_rng(seed)
    angles = rng.uniform(LOWEST, HIGHEST, (examples, 3))
    turn, shoulder, elbow = angles.T
    reach = np.cos(shoulder) + np.cos(shoulder + elbow)
    height = np.sin(shoulder) + np.sin(shoulder + elbow)
    place = np.column_stack((reach * np.cos(turn), reach * np.sin(turn), height))
    return Dataset(
        name="multi_output",
        task=REGRESSION,
        inputs=angles,
        targets=place + rng.normal(0, noise, place.shape),
        feature_names=("turn", "shoulder", "elbow"),
        class_names=(),
        source="generated",
    )
