"""The data sets that come with scikit-learn, kept in the user's cache: importing it takes most of a second."""

from __future__ import annotations

import importlib.metadata
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from nnlab.data.dataset import CLASSIFICATION, REGRESSION, Dataset, one_hot
from nnlab.files import whole_file

_Arrays = Mapping[str, np.ndarray]
_FIELDS = ("data", "target", "feature_names", "target_names")


def classes(name: str) -> Dataset:
    """Return a bundled data set whose targets are classes."""
    bunch = _bunch(name)
    class_names = tuple(str(label) for label in bunch["target_names"])
    return Dataset(
        name=name,
        task=CLASSIFICATION,
        inputs=np.asarray(bunch["data"], dtype=np.float64),
        targets=one_hot(bunch["target"], len(class_names)),
        feature_names=tuple(str(feature) for feature in bunch["feature_names"]),
        class_names=class_names,
        source=f"scikit-learn load_{name}",
    )


def values(name: str, **options: Any) -> Dataset:
    """Return a bundled data set whose target is a number."""
    bunch = _bunch(name, **options)
    return Dataset(
        name=name,
        task=REGRESSION,
        inputs=np.asarray(bunch["data"], dtype=np.float64),
        targets=np.asarray(bunch["target"], dtype=np.float64)[:, np.newaxis],
        feature_names=tuple(str(feature) for feature in bunch["feature_names"]),
        class_names=(),
        source=f"scikit-learn load_{name}",
    )


def _bunch(name: str, **options: Any) -> _Arrays:
    """Return what scikit-learn's loader gives, from the cache if it is there and whole."""
    path = _kept_in(name, options)
    with suppress(OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return _read(path)
    arrays = _loaded(name, options)
    with suppress(OSError):  # then it is loaded anew each time
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type] # of names that are none of its own
    return arrays


def _read(path: Path) -> _Arrays:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return {field: kept[field] for field in kept}


def _loaded(name: str, options: Mapping[str, Any]) -> _Arrays:
    from sklearn import datasets  # noqa: PLC0415

    bunch = getattr(datasets, f"load_{name}")(**options)
    return {field: np.asarray(bunch[field]) for field in _FIELDS if field in bunch}


def _kept_in(name: str, options: Mapping[str, Any]) -> Path:
    folder = platformdirs.user_cache_path("nnlab") / f"scikit-learn-{importlib.metadata.version('scikit-learn')}"
    return folder / ("-".join([name, *(f"{key}={value}" for key, value in options.items())]) + ".npz")
