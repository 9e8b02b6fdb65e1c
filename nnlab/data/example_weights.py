"""Example weights: how much each example counts in the loss, by its class and by its own sample weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.checks import list_of, number
from nnlab.data.dataset import CLASSIFICATION, Dataset
from nnlab.errors import ConfigurationError, bad_value

BALANCED = "balanced"

Rows = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]
ClassWeights = str | Sequence[float] | None


def check_class_weights(key: str, value: Any) -> ClassWeights:
    """Allow null, balanced, or a list of numbers."""
    if value is None or value == BALANCED:
        return None if value is None else BALANCED
    if isinstance(value, str | int | float):
        raise bad_value(key, value, f"null, {BALANCED}, or a list with a number per class")
    numbers: list[float] = list_of(number(0))(key, value)
    return numbers


def example_weights(dataset: Dataset, rows: Rows, class_weights: ClassWeights) -> Vector | None:
    """Return the weight of every example (examples,), or None where all count the same.

    The weight is that of the example's class times its sample weight, if the data set has such.

    Args:
        dataset: the data.
        rows: the training split.
        class_weights: null; one number per class, in the order of their names; or balanced, n / (K n_k) for class k
            of K with n_k of the n training examples, which gives all classes the same say. Source: King and Zeng 2001.

    Raises:
        ConfigurationError: weights for classes where there are none or several heads of them, another number of them
            than of classes, or no training example that counts.
    """
    if class_weights is None:
        return _checked(dataset, rows, dataset.sample_weights)
    by_class = _weights_by_class(dataset, rows, class_weights)[dataset.targets.argmax(axis=1)]
    own = dataset.sample_weights
    return _checked(dataset, rows, by_class if own is None else by_class * own)


def _weights_by_class(dataset: Dataset, rows: Rows, class_weights: str | Sequence[float]) -> Vector:
    if dataset.task != CLASSIFICATION:
        raise bad_value("class_weights", class_weights, f"null: dataset={dataset.name} is a {dataset.task}")
    if dataset.heads:
        allowed = f"null: dataset={dataset.name} has {len(dataset.heads)} heads, and an example one class of each"
        raise bad_value("class_weights", class_weights, allowed)
    classes = len(dataset.class_names)
    if class_weights == BALANCED:
        # Label noise may leave no training example of a class, whose weight then does not matter.
        members = np.maximum(dataset.targets[rows].sum(axis=0, dtype=np.float64), 1)
        return np.asarray(len(rows) / (classes * members))
    if len(class_weights) != classes:
        allowed = f"null, {BALANCED} or {classes} numbers, one per class of dataset={dataset.name}"
        raise bad_value("class_weights", class_weights, allowed)
    return np.asarray(class_weights, np.float64)


def _checked(dataset: Dataset, rows: Rows, weights: Vector | None) -> Vector | None:
    if weights is not None and not weights[rows].any():
        raise ConfigurationError(
            f"class_weights or the sample weights of dataset={dataset.name} give all training examples the weight 0: "
            "at least one must be above 0"
        )
    return weights
