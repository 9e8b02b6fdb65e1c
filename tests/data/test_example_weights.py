"""Example weights: by class as scikit-learn has them, times the data set's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnlab.data import Dataset
from nnlab.data.dataset import one_hot
from nnlab.data.example_weights import check_class_weights, example_weights
from nnlab.errors import ConfigurationError

LABELS = np.array([0] * 60 + [1] * 30 + [2] * 10)
ROWS = np.array([*range(40), *range(60, 65), *range(90, 95)])
OWN = np.linspace(0, 3, 100)
DATASET = Dataset(
    "made", "classification", np.zeros((100, 1)), one_hot(LABELS, 3), ("x",), ("a", "b", "c"), "generated"
)
WEIGHTED = replace(DATASET, sample_weights=OWN)
REGRESSION = replace(WEIGHTED, task="regression", targets=np.zeros((100, 1)), class_names=())
MULTILABEL = replace(DATASET, task="multilabel")
HEADS = replace(DATASET, targets=np.tile(DATASET.targets, 2), class_names=("a", "b", "c", "d", "e", "f"), heads=(3, 3))


def test_nothing_given_is_none() -> None:
    assert example_weights(DATASET, ROWS, None) is None


@pytest.mark.parametrize("dataset", [WEIGHTED, REGRESSION], ids=["classification", "regression"])
def test_the_data_sets_own_weights(dataset: Dataset) -> None:
    assert np.array_equal(example_weights(dataset, ROWS, None), OWN)


def test_balanced_weights_are_those_of_scikit_learn_on_the_training_rows() -> None:
    from sklearn.utils.class_weight import compute_class_weight

    comp = example_weights(DATASET, ROWS, "balanced")
    ref = compute_class_weight("balanced", classes=np.arange(3), y=LABELS[ROWS])
    assert comp.dtype == np.float64
    assert comp == pytest.approx(ref[LABELS], rel=1e-15)
    assert comp == pytest.approx(np.array([50 / (3 * 40), 50 / (3 * 5), 50 / (3 * 5)])[LABELS])


def test_balanced_weights_give_all_classes_the_same_say() -> None:
    comp = example_weights(DATASET, ROWS, "balanced")
    assert np.bincount(LABELS[ROWS], comp[ROWS]) == pytest.approx(np.full(3, len(ROWS) / 3))
    assert comp[ROWS].mean() == pytest.approx(1)


def test_sample_weights_of_several_heads() -> None:
    assert np.array_equal(example_weights(replace(HEADS, sample_weights=OWN), ROWS, None), OWN)


def test_one_number_per_class() -> None:
    assert np.array_equal(example_weights(DATASET, ROWS, [2.0, 0.0, 0.5]), np.array([2.0, 0.0, 0.5])[LABELS])


def test_weights_of_class_and_example_are_multiplied() -> None:
    assert np.array_equal(example_weights(WEIGHTED, ROWS, [2, 1, 4]), np.array([2, 1, 4])[LABELS] * OWN)


def test_a_class_without_training_examples_gets_a_finite_weight() -> None:
    comp = example_weights(DATASET, ROWS[:45], "balanced")
    assert np.isfinite(comp).all()
    assert comp[0] == pytest.approx(45 / (3 * 40))


@pytest.mark.parametrize(
    ("dataset", "class_weights", "message"),
    [
        (REGRESSION, "balanced", "class_weights=balanced is not allowed: .* null: dataset=made is a regression"),
        (REGRESSION, [1.0], r"class_weights=\[1.0\] is not allowed"),
        (MULTILABEL, "balanced", "null: dataset=made is a multilabel"),
        (DATASET, [1.0, 2.0], r"class_weights=\[1.0, 2.0\] .* balanced or 3 numbers, one per class of dataset=made"),
        (HEADS, "balanced", "class_weights=balanced .* must be null: dataset=made has 2 heads"),
        (HEADS, [1.0] * 6, "must be null: dataset=made has 2 heads"),
        (DATASET, [0.0, 0.0, 0.0], "give all training examples the weight 0"),
        (replace(DATASET, sample_weights=np.eye(100)[99]), None, "give all training examples the weight 0"),
    ],
)
def test_what_cannot_be_weighted(dataset: Dataset, class_weights: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as raised:
        example_weights(dataset, ROWS, class_weights)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("value", ["balance", [], [1.0, -1.0], [float("inf")], 2.0, ["balanced"]])
def test_bad_class_weights(value: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"class_weights=.* is not allowed"):
        check_class_weights("class_weights", value)


def test_good_class_weights() -> None:
    for value in (None, "balanced", [1.0, 0.0]):
        assert check_class_weights("class_weights", value) == value
