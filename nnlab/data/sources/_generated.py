"""What the generated data sets share."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import Parameter, number, whole
from nnlab.data.dataset import CLASSIFICATION, REGRESSION, Dataset, one_hot

OUTLIER = 10  # times the size that the noise of an example would have


def parameters(noise: float | None = None, *, outliers: bool = False) -> dict[str, Parameter]:
    """Return the settings of a generated data set.

    Args:
        noise: its default, a standard deviation in units of the data; None: there is none.
        outliers: whether a share of the examples may have ten times as much of it.
    """
    return {
        "examples": Parameter(1000, whole(10, 10_000_000)),
        **({} if noise is None else {"noise": Parameter(noise, number(0))}),
        **({"outliers": Parameter(0.0, number(0, 1))} if outliers else {}),
        # The data's own seed: every training seed sees the same data.
        "seed": Parameter(0, whole(0, 2**32 - 1)),
    }


def contaminated(rng: np.random.Generator, examples: int, noise: float, outliers: float) -> npt.NDArray[np.float64]:
    """Return normal noise (examples,), of which a share has ten times the standard deviation, to the nearest number.

    With the same generator more outliers keep those of fewer, and all other examples stay as they are.
    Source: Tukey 1960, A survey of sampling from contaminated distributions.
    """
    values = rng.normal(0, noise, examples)
    values[rng.permutation(examples)[: round(outliers * examples)]] *= OUTLIER
    return values


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
