"""Splits: disjoint, complete, in the proportions of the classes, and decided by the generator alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from splitting_cases import PARTS, counts_of, draw, parts

from nnlab.data import Dataset, split_sizes
from nnlab.data.dataset import one_hot
from nnlab.errors import ConfigurationError


def classes(counts: list[int], official: list[int] | None = None) -> Dataset:
    """Return a data set with so many examples of each class in mixed order, official test rows last."""
    rng = np.random.default_rng(0)
    blocks = [rng.permutation(np.repeat(np.arange(len(counts)), block)) for block in (counts, official or [0])]
    labels = np.concatenate(blocks) if official else blocks[0]
    return Dataset(
        name="made",
        task="classification",
        inputs=np.zeros((len(labels), 1)),
        targets=one_hot(labels, len(counts)),
        feature_names=("x",),
        class_names=tuple("abcdefgh"[: len(counts)]),
        source="generated",
        official_test=sum(official or []),
    )


def values(examples: int, official: int = 0) -> Dataset:
    targets = np.arange(examples + official, dtype=np.float64)[:, np.newaxis]
    return Dataset("made", "regression", targets, targets, ("x",), (), "generated", official)


def labels(examples: int) -> Dataset:
    """Return a data set whose second label only one example has."""
    targets = np.zeros((examples, 2), np.float32)
    targets[::2, 0] = targets[0, 1] = 1
    return Dataset("made", "multilabel", np.zeros((examples, 1)), targets, ("x",), ("a", "b"), "generated")


@given(
    examples=st.integers(10, 90),
    official=st.integers(0, 9),
    validation=PARTS,
    subset=st.one_of(st.none(), st.integers(1, 60)),
)
def test_sizes_are_known_without_drawing(examples: int, official: int, validation: Any, subset: int | None) -> None:
    dataset = values(examples, official)
    given = {"validation": validation, "test": None if official else 0.15, "subset": subset}
    try:
        drawn = draw(dataset, **given)
    except ConfigurationError:
        assume(False)
    assert split_sizes(dataset, given) == tuple(map(len, parts(drawn)))


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(3, 60), min_size=2, max_size=8),
    validation=PARTS,
    test=PARTS,
    seed=st.integers(0, 99),
)
def test_stratified_splits(counts: list[int], validation: Any, test: Any, seed: int) -> None:
    dataset = classes(counts)
    try:
        drawn = draw(dataset, seed, validation=validation, test=test)
    except ConfigurationError:
        assume(False)
    total = np.array(counts)
    assert np.array_equal(np.sort(np.concatenate(parts(drawn))), np.arange(total.sum()))
    rest = total - counts_of(dataset, drawn.test)
    assert np.abs(counts_of(dataset, drawn.test) - total * len(drawn.test) / total.sum()).max() < 1
    assert np.abs(counts_of(dataset, drawn.validation) - rest * len(drawn.validation) / rest.sum()).max() < 1
    assert counts_of(dataset, drawn.train).min() >= 1


@settings(deadline=None)
@given(examples=st.integers(3, 200), validation=PARTS, test=PARTS, seed=st.integers(0, 99))
def test_splits_of_a_regression(examples: int, validation: Any, test: Any, seed: int) -> None:
    try:
        drawn = draw(values(examples), seed, validation=validation, test=test)
    except ConfigurationError:
        assume(False)
    assert np.array_equal(np.sort(np.concatenate(parts(drawn))), np.arange(examples))
    for part, rows in ((validation, drawn.validation), (test, drawn.test)):
        assert len(rows) == (round(part * examples) if isinstance(part, float) else part)
    assert all(rows.dtype == np.int64 and np.all(np.diff(rows) > 0) for rows in parts(drawn))


def test_labels_are_split_like_values() -> None:
    for comp, ref in zip(parts(draw(labels(40))), parts(draw(values(40))), strict=True):
        assert np.array_equal(comp, ref)


@pytest.mark.parametrize("dataset", [classes([40, 30, 20]), values(90), classes([40, 30], [5, 5])])
def test_the_generator_decides(dataset: Dataset) -> None:
    first, again, other = (draw(dataset, seed, subset=20) for seed in (1, 1, 2))
    for left, right in zip(parts(first), parts(again), strict=True):
        assert np.array_equal(left, right)
    assert not np.array_equal(first.validation, other.validation)
    assert not np.array_equal(first.train, other.train)
    assert np.array_equal(first.test, other.test) == bool(dataset.official_test)


@pytest.mark.parametrize("dataset", [classes([40, 30], [6, 4]), values(70, official=10)])
def test_the_official_test_rows_are_the_test_split(dataset: Dataset) -> None:
    drawn = draw(dataset, validation=0.1)
    assert np.array_equal(drawn.test, np.arange(70, 80))
    assert len(drawn.validation) == 7
    assert np.array_equal(np.sort(np.concatenate(parts(drawn))), np.arange(80))


def test_test_may_be_null_where_a_file_has_no_official_split() -> None:
    assert len(draw(values(100), test=None).test) == 15


def test_a_subset_drops_training_examples_only_and_keeps_the_proportions() -> None:
    dataset = classes([400, 200, 100])
    whole, some = draw(dataset, test=100), draw(dataset, test=100, subset=70)
    assert np.array_equal(whole.test, some.test)
    assert np.array_equal(whole.validation, some.validation)
    assert np.isin(some.train, whole.train).all()
    assert np.array_equal(counts_of(dataset, some.train), [40, 20, 10])


def test_the_largest_remainders_get_what_is_left_over() -> None:
    # Proportional would be 2.5, 1.67 and 0.83 examples.
    dataset = classes([30, 20, 10])
    assert np.array_equal(counts_of(dataset, draw(dataset, test=5).test), [2, 2, 1])


def test_a_subset_may_be_nearly_or_exactly_everything() -> None:
    dataset = classes([20, 20])
    for size in (27, 28):
        assert len(draw(dataset, subset=size).train) == size


def test_another_validation_size_leaves_the_test_examples_as_they_are() -> None:
    dataset = classes([50, 50])
    assert np.array_equal(draw(dataset, validation=5).test, draw(dataset, validation=0.4).test)


@pytest.mark.parametrize(
    ("dataset", "given", "message"),
    [
        (values(10), {"validation": 10}, "dataset.validation=10 is not allowed: .* fewer than all of the 10"),
        (values(10), {"test": 11}, "dataset.test=11 is not allowed"),
        (values(10), {"test": 0.01}, "dataset.test=0.01 is not allowed: .* at least 1"),
        (values(10), {"validation": 0.01}, "dataset.validation=0.01 is not allowed"),
        (values(10), {"validation": 5, "test": 5}, "dataset.validation=5 and dataset.test=5 leave nothing"),
        (values(10), {"validation": 0.5, "test": 6}, "together they must take fewer than 10 examples"),
        (values(10), {"validation": 2, "test": 2, "subset": 7}, "dataset.subset=7 .* at most 6, the size of"),
        (values(10, official=2), {"test": 0.2}, "dataset.test=0.2 is not allowed: dataset.test must be null"),
        (values(10, official=2), {"validation": 10}, "dataset.validation=10 is not allowed"),
        (classes([50, 2]), {}, "class 'b' has too few examples, 2: a class must have at least 3"),
        (classes([50, 1], [5, 5]), {}, "class 'b' has too few examples, 1: a class must have at least 2"),
        (classes([30, 3]), {"validation": 16, "test": 16}, "no training example of class"),
        (classes([30, 3]), {"subset": 2}, "dataset.subset=2 leaves no training example of class 'b'"),
    ],
)
def test_what_cannot_be_split(dataset: Dataset, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        draw(dataset, **given)
