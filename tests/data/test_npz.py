"""Arrays of one's own: what is read, and one clear line for everything that cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnlab import data
from nnlab.data import Dataset
from nnlab.errors import DataError

X = np.arange(40.0).reshape(10, 4)
Y = np.arange(10) % 2
NAN = np.where(X == 14, np.nan, X)


def load(folder: Path, task: str | None = None, **arrays: Any) -> Dataset:
    path = folder / "arrays.npz"
    np.savez(path, **arrays)
    return data.load({"name": "npz", "path": str(path), "task": task})


def test_arrays_are_read(tmp_path: Path) -> None:
    dataset = load(tmp_path, X=X.astype(np.float32), y=Y)
    assert dataset.name == "arrays"
    assert dataset.source == str(tmp_path / "arrays.npz")
    assert dataset.task == "classification"
    assert dataset.class_names == ("0", "1")
    assert dataset.feature_names == ("feature_0", "feature_1", "feature_2", "feature_3")
    assert dataset.inputs.dtype == np.float64
    assert np.array_equal(dataset.inputs, X)
    assert np.array_equal(dataset.targets, np.eye(2)[Y])
    assert dataset.official_test == 0


def test_images_stay_bytes_and_are_flattened(tmp_path: Path) -> None:
    images = np.arange(80, dtype=np.uint8).reshape(10, 2, 4)
    dataset = load(tmp_path, X=np.asfortranarray(images), y=Y)
    assert dataset.inputs.dtype == np.uint8
    assert dataset.inputs.flags.c_contiguous
    assert np.array_equal(dataset.inputs, images.reshape(10, 8))


def test_test_arrays_are_the_official_split(tmp_path: Path) -> None:
    dataset = load(tmp_path, X=X, y=Y, X_test=-X[:3], y_test=np.array([1, 1, 0]))
    assert dataset.official_test == 3
    assert np.array_equal(dataset.inputs, np.concatenate((X, -X[:3])))
    assert np.array_equal(dataset.targets.argmax(axis=1)[-3:], [1, 1, 0])
    settings = data.check({"name": "npz", "path": "a", "validation": 2})
    assert np.array_equal(data.split(dataset, settings, np.random.default_rng(0)).test, [10, 11, 12])


@pytest.mark.parametrize(
    ("y", "task", "class_names"),
    [
        (np.array(["red", "blue"] * 5), "classification", ("blue", "red")),
        (Y[:, np.newaxis], "classification", ("0", "1")),
        (Y.astype(bool), "classification", ("False", "True")),
        (np.arange(10), "regression", ()),
        (X[:, :2], "regression", ()),
        (X[:, 0] / 3, "regression", ()),
    ],
)
def test_the_task_follows_from_the_targets(tmp_path: Path, y: Any, task: str, class_names: tuple[str, ...]) -> None:
    dataset = load(tmp_path, X=X, y=y)
    assert dataset.task == task
    assert dataset.class_names == class_names
    if task == "regression":
        assert np.array_equal(dataset.targets, y.reshape(10, -1))
        assert dataset.targets.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.int64, np.float32, bool])
def test_zeros_and_ones_are_labels_if_asked_for(tmp_path: Path, dtype: Any) -> None:
    y = np.column_stack((Y, 1 - Y, Y)).astype(dtype)
    dataset = load(tmp_path, "multilabel", X=X, y=y, X_test=X[:2], y_test=y[:2])
    assert dataset.task == "multilabel"
    assert dataset.class_names == ("label_0", "label_1", "label_2")
    assert dataset.targets.dtype == np.float32
    assert np.array_equal(dataset.targets, np.concatenate((y, y[:2])))
    assert load(tmp_path, X=X, y=y).task == "regression"


def test_sample_weights(tmp_path: Path) -> None:
    weights = np.arange(10)
    dataset = load(tmp_path, X=X, y=Y, sample_weights=weights)
    assert np.array_equal(dataset.sample_weights, weights)
    assert dataset.sample_weights.dtype == np.float64
    dataset = load(tmp_path, X=X, y=Y, X_test=X[:2], y_test=Y[:2], sample_weights=weights, sample_weights_test=[1.5, 0])
    assert np.array_equal(dataset.sample_weights, [*range(10), 1.5, 0])
    assert load(tmp_path, X=X, y=Y).sample_weights is None


@pytest.mark.parametrize(
    ("y", "task", "note"),
    [
        (np.array(["red", "blue"] * 5), None, "classification of 'y', 2 classes"),
        (Y, None, "classification of 'y', 2 classes; dataset.task=regression for numbers"),
        (Y, "classification", ""),
        (np.arange(10), None, "regression on 'y'; dataset.task=classification for classes"),
        (np.arange(10), "regression", ""),
        (X[:, :2], None, ""),
    ],
)
def test_a_guessed_task_is_noted(tmp_path: Path, y: Any, task: str | None, note: str) -> None:
    assert load(tmp_path, X=X, y=y, task=task).note == note


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"y": Y}, "no array X: X and y are needed"),
        ({"X": X, "labels": Y}, "no array y: X and y are needed"),
        ({"X": X, "y": Y, "X_test": X}, "no array y_test: X and y and X_test and y_test are needed"),
        ({"X": X, "y": Y.astype(object)}, "y cannot be read without pickle"),
        ({"X": X.astype(object), "y": Y}, "X cannot be read without pickle"),
        ({"X": X[:9], "y": Y}, "X has 9 examples and y 10: they must match"),
        ({"X": X, "y": Y, "X_test": X, "y_test": Y[1:]}, "X_test has 10 examples and y_test 9"),
        ({"X": X, "y": Y, "X_test": X[:, 1:], "y_test": Y}, "X has 4 values per example and X_test 3"),
        ({"X": NAN, "y": Y}, r"X\[3, 2\] is nan: all values must be finite"),
        ({"X": X, "y": Y, "X_test": NAN, "y_test": Y}, r"X_test\[3, 2\] is nan"),
        ({"X": X, "y": np.where(Y == 1, np.inf, 0)}, r"y\[1\] is inf"),
        ({"X": X.astype(str), "y": Y}, "X has the type .* it must hold real numbers"),
        ({"X": X * 1j, "y": Y}, "X has the type complex128"),
        ({"X": 5, "y": Y}, r"X has the type int64 and the shape \(\)"),
        ({"X": X[:, :0], "y": Y}, r"the shape \(10, 0\)"),
        ({"X": X[:0], "y": Y[:0]}, r"the shape \(0, 4\)"),
        ({"X": X, "y": Y * 0}, "all targets are '0': there must be at least two classes"),
        ({"X": X, "y": np.array(["a", "b"] * 5), "task": "regression"}, "y holds text: a regression needs numbers"),
        ({"X": X, "y": np.array(["a", "b"] * 5), "task": "multilabel"}, "y holds text: a multilabel needs numbers"),
        ({"X": X, "y": Y + 1, "task": "multilabel"}, r"y\[1\] is 2: all values must be 0 or 1"),
        (
            {"X": X, "y": X[:, :2] * 0, "X_test": X, "y_test": X[:, :2] / 40, "task": "multilabel"},
            r"y_test\[0, 1\] is 0.025: all values must be 0 or 1",
        ),
        ({"X": X, "y": Y, "sample_weights": Y[1:]}, "X has 10 examples and sample_weights 9: they must match"),
        (
            {"X": X, "y": Y, "sample_weights": Y - 1},
            "sample_weights: the weight of example 1 is -1: it must be",
        ),
        ({"X": X, "y": Y, "sample_weights": Y * 0}, "sample_weights: all weights are 0"),
        ({"X": X, "y": Y, "sample_weights": Y * np.nan}, r"sample_weights\[0\] is nan: all values must be finite"),
        ({"X": X, "y": Y, "sample_weights": X}, "sample_weights has 4 values per example: one is needed"),
        ({"X": X, "y": Y, "sample_weights": Y.astype(str)}, "sample_weights has the type .* it must hold real numbers"),
        (
            {"X": X, "y": Y, "X_test": X, "y_test": Y, "sample_weights": Y},
            "no array sample_weights_test: X and y and sample_weights and X_test and y_test and sample_weights_test",
        ),
        ({"X": X, "y": Y, "X_test": X, "y_test": Y, "sample_weights_test": Y}, "no array sample_weights: "),
        ({"X": X, "y": Y, "sample_weights": Y, "sample_weights_test": Y}, "no array X_test: "),
    ],
)
def test_bad_arrays(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        load(tmp_path, **arrays)
    assert str(tmp_path / "arrays.npz") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_is_no_npz_file(tmp_path: Path) -> None:
    path = tmp_path / "arrays.npz"
    settings = {"name": "npz", "path": str(path)}
    with pytest.raises(DataError, match=r"dataset.path=.*arrays.npz: no such file"):
        data.load(settings)
    np.savez_compressed(path, X=X, y=Y)
    whole = path.read_bytes()
    for damaged in (b"", b"some text", whole[:-40], whole[:60] + b"????" + whole[64:]):
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"arrays.npz: "):
            data.load(settings)
    with path.open("wb") as file:
        np.save(file, X)
    with pytest.raises(DataError, match=r"one array: save X and y with numpy.savez"):
        data.load(settings)
