"""Bundled and generated data sets, and what all data sets have in common."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnlab import data
from nnlab.data.dataset import Dataset

BUNDLED = {
    "digits": (1797, 64, 10),
    "iris": (150, 4, 3),
    "wine": (178, 13, 3),
    "breast_cancer": (569, 30, 2),
    "diabetes": (442, 10, 1),
}
GENERATED = {
    "xor": (1000, 2, 2),
    "two_spirals": (1000, 2, 2),
    "circles": (1000, 2, 2),
    "moons": (1000, 2, 2),
    "line": (1000, 1, 1),
    "sine": (1000, 1, 1),
    "demand": (1000, 1, 1),
    "multi_output": (1000, 3, 3),
    "multilabel": (1000, 20, 5),
    "composition": (1000, 8, 2),
    "absolute": (1000, 1, 1),
}
WITHOUT_NOISE = ("multilabel", "composition")


def labels(dataset: Dataset) -> np.ndarray[Any, Any]:
    return dataset.targets.argmax(axis=1)


@pytest.mark.parametrize("name", [*BUNDLED, *GENERATED])
def test_shapes_types_and_names(name: str) -> None:
    examples, features, outputs = (BUNDLED | GENERATED)[name]
    dataset = data.load({"name": name})
    assert dataset.name == name
    assert dataset.inputs.shape == (examples, features)
    assert dataset.targets.shape == (examples, outputs)
    assert dataset.inputs.dtype == np.float64
    assert dataset.inputs.flags.c_contiguous
    assert dataset.targets.flags.c_contiguous
    assert len(dataset.feature_names) == features
    assert all(type(text) is str for text in (*dataset.feature_names, *dataset.class_names))
    assert dataset.official_test == 0
    assert name in dataset.source or dataset.source == "generated"
    assert np.isfinite(dataset.inputs).all()


@pytest.mark.parametrize("name", [*BUNDLED, *GENERATED])
def test_targets_are_one_hot_for_classes_multi_hot_for_labels_and_values_for_a_regression(name: str) -> None:
    dataset = data.load({"name": name})
    if dataset.task == "regression":
        assert dataset.targets.dtype == np.float64
        assert dataset.class_names == ()
    elif dataset.task == "multilabel":
        assert dataset.targets.dtype == np.float32
        assert np.isin(dataset.targets, (0, 1)).all()
        assert len(dataset.class_names) == dataset.targets.shape[1]
    else:
        assert dataset.targets.dtype == np.float32
        assert np.array_equal(dataset.targets, np.eye(len(dataset.class_names))[labels(dataset)])
        assert (dataset.targets.sum(axis=0) > 0).all()


@pytest.mark.parametrize("name", GENERATED)
def test_generated_data_follow_their_parameters(name: str) -> None:
    noise = {} if name in WITHOUT_NOISE else {"noise": 0.2}
    settings = {"name": name, "examples": 50, "seed": 1} | noise
    digest = data.load(settings).digest
    assert len(data.load(settings).inputs) == 50
    assert data.load(settings | {"seed": 2}).digest != digest
    assert not noise or data.load(settings | {"noise": 0.3}).digest != digest


def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    bunch, dataset = load_digits(), data.load({"name": "digits"})
    assert np.array_equal(dataset.inputs, bunch.data)
    assert np.array_equal(labels(dataset), bunch.target)
    assert dataset.class_names == tuple("0123456789")


def test_diabetes_is_raw_so_that_no_test_row_touches_its_scaling() -> None:
    dataset = data.load({"name": "diabetes"})
    assert dataset.inputs[0, dataset.feature_names.index("age")] == 59
    assert dataset.targets.min() == 25


def test_xor() -> None:
    dataset = data.load({"name": "xor"})
    assert np.array_equal(labels(dataset), (dataset.inputs > 0).sum(axis=1) == 1)
    assert np.abs(dataset.inputs).max() <= 1
    assert labels(dataset).sum() == 500


def test_the_two_spirals_are_the_published_ones() -> None:
    dataset = data.load({"name": "two_spirals", "examples": 194})
    t = np.arange(97)
    angle, radius = t * np.pi / 16, 6.5 * (104 - t) / 104
    spiral = np.column_stack((radius * np.sin(angle), radius * np.cos(angle)))
    assert dataset.inputs[labels(dataset) == 0] == pytest.approx(spiral, abs=1e-12)
    assert dataset.inputs[labels(dataset) == 1] == pytest.approx(-spiral, abs=1e-12)


def test_a_composition_is_the_tree_of_its_docstring_cut_at_the_median() -> None:
    def h(a: float, b: float) -> float:
        return abs(a - b) - 2 / 3

    dataset = data.load({"name": "composition"})
    roots = [h(h(h(a, b), h(c, d)), h(h(e, f), h(g, i))) for a, b, c, d, e, f, g, i in dataset.inputs]
    assert np.array_equal(labels(dataset), np.array(roots) > np.median(roots))
    assert labels(dataset).sum() == 500
    assert np.abs(dataset.inputs).max() <= 1


@pytest.mark.parametrize(("name", "function"), [("line", lambda x: 2 * x - 3), ("sine", np.sin), ("absolute", np.abs)])
def test_curves_without_and_with_noise(name: str, function: Any) -> None:
    exact = data.load({"name": name, "noise": 0.0})
    assert exact.targets == pytest.approx(function(exact.inputs), abs=1e-15)
    noisy = data.load({"name": name, "noise": 0.5, "examples": 10_000})
    errors = noisy.targets - function(noisy.inputs)
    assert errors.std() == pytest.approx(0.5, rel=0.03)
    assert errors.mean() == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(("name", "function"), [("line", lambda x: 2 * x - 3), ("sine", np.sin)])
def test_outliers_have_ten_times_the_error_and_more_of_them_keep_those_of_fewer(name: str, function: Any) -> None:
    clean, few, many = (data.load({"name": name, "outliers": share}) for share in (0.0, 0.1, 0.25))
    error = clean.targets - function(clean.inputs)
    factors = [(dataset.targets - function(dataset.inputs)) / error for dataset in (few, many)]
    tenfold = [np.isclose(factor, 10, rtol=1e-9) for factor in factors]
    assert [found.sum() for found in tenfold] == [100, 250]
    assert all(factor[~found] == pytest.approx(1) for factor, found in zip(factors, tenfold, strict=True))
    assert tenfold[1][tenfold[0]].all()
    assert np.array_equal(clean.inputs, many.inputs)


def test_demand_scatters_by_factors() -> None:
    exact = data.load({"name": "demand", "noise": 0.0})
    assert exact.targets == pytest.approx(np.exp(1 + exact.inputs))
    noisy = data.load({"name": "demand", "examples": 100_000})
    factors = noisy.targets / np.exp(1 + noisy.inputs)
    assert np.log(factors).std() == pytest.approx(0.5, rel=0.01)
    assert np.median(factors) == pytest.approx(1, abs=0.01)
    assert factors.mean() == pytest.approx(np.exp(0.125), abs=0.01)


def test_circles_and_moons_have_their_shapes() -> None:
    circles = data.load({"name": "circles", "noise": 0})
    radii = np.hypot(*circles.inputs.T)
    assert radii == pytest.approx(np.where(labels(circles) == 1, 0.5, 1.0))
    moons = data.load({"name": "moons", "noise": 0})
    centres = np.where(labels(moons)[:, np.newaxis] == 1, (1.0, 0.5), (0.0, 0.0))
    assert np.hypot(*(moons.inputs - centres).T) == pytest.approx(np.ones(1000))


def test_the_hand_is_where_the_links_end() -> None:
    dataset = data.load({"name": "multi_output", "noise": 0.0})
    turn, shoulder, elbow = dataset.inputs.T
    about_vertical = np.exp(1j * turn)
    link, second = np.exp(1j * shoulder), np.exp(1j * (shoulder + elbow))
    hand = link + second  # reach + i height
    assert dataset.targets[:, 0] + 1j * dataset.targets[:, 1] == pytest.approx(hand.real * about_vertical, abs=1e-14)
    assert dataset.targets[:, 2] == pytest.approx(hand.imag, abs=1e-14)
    # The angle at the elbow alone gives the distance from the shoulder.
    assert np.linalg.norm(dataset.targets, axis=1) == pytest.approx(2 * np.abs(np.cos(elbow / 2)), abs=1e-14)
    noisy = data.load({"name": "multi_output", "noise": 0.3})
    assert (noisy.targets - dataset.targets).std(axis=0) == pytest.approx(0.3, rel=0.1)


def test_a_network_finds_the_hand_and_a_linear_model_does_not() -> None:
    from sklearn.linear_model import LinearRegression
    from sklearn.neural_network import MLPRegressor

    dataset = data.load({"name": "multi_output"})
    parts = dataset.inputs[:700], dataset.targets[:700]
    network = MLPRegressor(hidden_layer_sizes=(32, 32), solver="lbfgs", max_iter=500, max_fun=600, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it might go on
        network.fit(*parts)
    assert network.score(dataset.inputs[700:], dataset.targets[700:]) > 0.95
    assert LinearRegression().fit(*parts).score(dataset.inputs[700:], dataset.targets[700:]) < 0.3


def test_topics_are_told_by_their_words() -> None:
    from sklearn.linear_model import LogisticRegression

    dataset = data.load({"name": "multilabel"})
    labels_at_once = dataset.targets.sum(axis=1)
    assert labels_at_once.max() == 5
    assert labels_at_once.mean() == pytest.approx(2, abs=0.2)
    assert dataset.inputs.sum(axis=1).mean() == pytest.approx(50, abs=1)
    for topic in range(5):
        present = dataset.targets[:, topic] == 1
        score = LogisticRegression(max_iter=1000).fit(dataset.inputs, present).score(dataset.inputs, present)
        assert score > max(present.mean(), 1 - present.mean()) + 0.05


def test_a_data_set_is_loaded_once_whatever_its_splits() -> None:
    first = data.load({"name": "moons", "seed": 3})
    assert data.load({"name": "moons", "seed": 3, "noise": 0.1, "validation": 7}) is first
    assert data.load({"name": "moons", "seed": 4}) is not first


def test_shared_arrays_cannot_be_changed_and_the_given_ones_stay_free() -> None:
    dataset = data.load({"name": "iris"})
    with pytest.raises(ValueError, match="read-only"):
        dataset.inputs[0, 0] = 0
    own = np.zeros((3, 2))
    weighted = replace(dataset, inputs=own, sample_weights=own[:, 0])
    own[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        weighted.sample_weights[0] = 0


def test_the_digest_covers_all_content_and_nothing_else() -> None:
    dataset = data.load({"name": "iris"})
    digest = dataset.digest
    assert len(digest) == 64
    assert int(digest, 16) >= 0
    assert replace(dataset, name="flowers", source="elsewhere", note="guessed").digest == digest
    changed = dataset.inputs.copy()
    changed[-1, -1] = np.nextafter(changed[-1, -1], 9)
    others = [
        replace(dataset, inputs=changed),
        replace(dataset, inputs=dataset.inputs.astype(np.float32)),
        replace(dataset, inputs=dataset.inputs.reshape(300, 2)),
        replace(dataset, targets=dataset.targets[::-1]),
        replace(dataset, feature_names=("a", "b", "c", "d")),
        replace(dataset, class_names=("a", "b", "c")),
        replace(dataset, official_test=10),
        replace(dataset, sample_weights=np.ones(150)),
        replace(dataset, sample_weights=np.arange(150.0)),
    ]
    assert len({digest, *(other.digest for other in others)}) == len(others) + 1


def test_the_digests_on_record_are_kept() -> None:
    values = np.arange(6.0).reshape(3, 2)
    dataset = Dataset("a", "regression", values, np.arange(3.0)[:, np.newaxis], ("x", "y"), (), "generated", 1)
    assert dataset.digest == "6efb13d3cfc35f30a10f6b608bf1637020cac92072a92e82f306793cfebbfe33"
