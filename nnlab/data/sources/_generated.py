"""What the generated data sets share."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import Parameter, number, whole
from nnlab.data.dataset import CLASSIFICATION, REGRESSION, Dataset, one_hot


def parameters(noise: float | None = None) -> dict[str, Parameter]:
    """Return the settings of a generated data set; the noise, if any, is a standard deviation in units of the data."""
    return {
        "examples": Parameter(1000, whole(10, 10_000_000)),
        **({} if noise is None else {"noise": Parameter(noise, number(0))}),
        # The data's own seed: every training seed sees the same data.
        "seed": Parameter(0, whole(0, 2**32 - 1)),
    }


def labelled_points(name: str, points: npt.NDArray[Any], labels: npt.NDArray[Any]) -> Dataset:
    """Return points (examples, 2) of the plane in two classes."""
    return Dataset(
        name=name,
        task=CLASSIFICATION,
        inputs=points,
        targets=one_hot(labels, 2),
        feature_names=("x", "y"),
        class_names=("0", "1"),
        source="generated",
    )


def curve(name: str, x: npt.NDArray[Any], y: npt.NDArray[Any]) -> Dataset:
    """Return values y (examples,) of a function of one variable x (examples,)."""
    return Dataset(
        name=name,
        task=REGRESSION,
        inputs=x[:, np.newaxis],
        targets=y[:, np.newaxis],
        feature_names=("x",),
        class_names=(),
        source="generated",
    )
