"""The data sets that come with scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlab.data.dataset import CLASSIFICATION, REGRESSION, Dataset, one_hot


def classes(name: str) -> Dataset:
    """Return a bundled data set whose targets are classes."""
    bunch = _bunch(name)
    class_names = tuple(str(label) for label in bunch.target_names)
    return Dataset(
        name=name,
        task=CLASSIFICATION,
        inputs=np.asarray(bunch.data, dtype=np.float64),
        targets=one_hot(bunch.target, len(class_names)),
        feature_names=tuple(str(feature) for feature in bunch.feature_names),
        class_names=class_names,
        source=f"scikit-learn load_{name}",
    )


def values(name: str, **options: Any) -> Dataset:
    """Return a bundled data set whose target is a number."""
    bunch = _bunch(name, **options)
    return Dataset(
        name=name,
        task=REGRESSION,
        inputs=np.asarray(bunch.data, dtype=np.float64),
        targets=np.asarray(bunch.target, dtype=np.float64)[:, np.newaxis],
        feature_names=tuple(str(feature) for feature in bunch.feature_names),
        class_names=(),
        source=f"scikit-learn load_{name}",
    )


def _bunch(name: str, **options: Any) -> Any:
    from sklearn import datasets  # noqa: PLC0415

    return getattr(datasets, f"load_{name}")(**options)
