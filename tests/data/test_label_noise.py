"""Label noise: as many wrong labels as asked for, in the given rows alone, and nested from rate to rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nnlab.checks import check_parameters
from nnlab.data import Dataset
from nnlab.data.dataset import one_hot
from nnlab.data.label_noise import RATE, noisy_targets
from nnlab.errors import ConfigurationError

EXAMPLES = 4000
ROWS = np.arange(0, EXAMPLES, 2)
OTHERS = np.arange(1, EXAMPLES, 2)
RNG = np.random.default_rng(8)
CLASSES = one_hot(RNG.integers(0, 5, EXAMPLES), 5)
LABELS = RNG.integers(0, 2, (EXAMPLES, 3)).astype(np.float32)
VALUES = RNG.normal(7.0, [1.0, 20.0], (EXAMPLES, 2))
VALUES[OTHERS] *= 1000
TARGETS = {"classification": CLASSES, "multilabel": LABELS, "regression": VALUES}


def dataset_of(task: str) -> Dataset:
    targets = TARGETS[task]
    names = () if task == "regression" else tuple("abcde"[: targets.shape[1]])
    return Dataset("made", task, np.zeros((EXAMPLES, 1)), targets, ("x",), names, "generated")


def noisy(task: str, rate: float, seed: int = 0) -> np.ndarray:
    return noisy_targets(dataset_of(task), ROWS, rate, np.random.default_rng(seed))


@pytest.mark.parametrize("task", TARGETS)
def test_the_other_rows_and_the_data_set_stay_as_they_are(task: str) -> None:
    dataset = dataset_of(task)
    before = dataset.targets.copy()
    comp = noisy_targets(dataset, ROWS, 0.5, np.random.default_rng(0))
    assert np.array_equal(comp[OTHERS], before[OTHERS])
    assert not np.array_equal(comp[ROWS], before[ROWS])
    assert np.array_equal(dataset.targets, before)
    assert (comp.shape, comp.dtype) == (before.shape, before.dtype)


@pytest.mark.parametrize("task", TARGETS)
def test_no_noise_is_a_copy(task: str) -> None:
    comp = noisy(task, 0.0)
    assert np.array_equal(comp, TARGETS[task])
    comp[0] = 1 - comp[0]


@pytest.mark.parametrize("task", TARGETS)
def test_the_generator_decides(task: str) -> None:
    assert np.array_equal(noisy(task, 0.3), noisy(task, 0.3))
    assert not np.array_equal(noisy(task, 0.3), noisy(task, 0.3, seed=1))


@settings(deadline=None, max_examples=30)
@given(rate=st.floats(0, 1), seed=st.integers(0, 99))
def test_exactly_the_share_of_rows_gets_another_class(rate: float, seed: int) -> None:
    comp = noisy("classification", rate, seed)
    assert np.array_equal(np.sort(comp, axis=1), np.sort(CLASSES, axis=1))
    wrong = (comp != CLASSES).any(axis=1)
    assert wrong.sum() == round(rate * len(ROWS))


def test_every_other_class_is_as_likely() -> None:
    comp, before = noisy("classification", 1.0)[ROWS].argmax(axis=1), CLASSES[ROWS].argmax(axis=1)
    steps = np.bincount((comp - before) % 5, minlength=5)
    assert steps[0] == 0
    assert stats.chisquare(steps[1:]).pvalue > 1e-4


def test_two_classes_are_exchanged() -> None:
    targets = one_hot(RNG.integers(0, 2, 10), 2)
    dataset = Dataset("made", "classification", np.zeros((10, 1)), targets, ("x",), ("a", "b"), "generated")
    assert np.array_equal(noisy_targets(dataset, np.arange(10), 1.0, np.random.default_rng(0)), 1 - targets)


def test_each_head_gets_wrong_classes_of_its_own() -> None:
    shapes, colours = RNG.integers(0, 3, EXAMPLES), RNG.integers(0, 4, EXAMPLES)
    targets = np.hstack((one_hot(shapes, 3), one_hot(colours, 4)))
    names = tuple(f"class {column}" for column in range(7))
    dataset = Dataset(
        "made", "classification", np.zeros((EXAMPLES, 1)), targets, ("x",), names, "generated", heads=(3, 4)
    )
    low, comp = (noisy_targets(dataset, ROWS, rate, np.random.default_rng(0)) for rate in (0.1, 0.3))
    assert np.array_equal(comp[OTHERS], targets[OTHERS])
    wrong = [
        (block != given).any(axis=1) for block, given in zip(dataset.blocks(comp), dataset.blocks(targets), strict=True)
    ]
    for head, block in zip(wrong, dataset.blocks(comp), strict=True):
        assert head.sum() == round(0.3 * len(ROWS))
        assert np.array_equal(np.sort(block, axis=1)[:, -2:], np.tile([0, 1], (EXAMPLES, 1)))
    both = (wrong[0] & wrong[1]).sum()
    assert abs(both - 0.09 * len(ROWS)) < 5 * np.sqrt(0.09 * 0.91 * len(ROWS))
    assert np.array_equal(comp[low != targets], low[low != targets])


def test_labels_are_flipped_one_by_one() -> None:
    flipped = (noisy("multilabel", 0.3) != LABELS)[ROWS]
    assert np.isin(noisy("multilabel", 0.3), (0, 1)).all()
    assert np.abs(flipped.mean(axis=0) - 0.3).max() < 5 * np.sqrt(0.21 / len(ROWS))
    assert np.abs(np.corrcoef(flipped.T) - np.eye(3)).max() < 5 / np.sqrt(len(ROWS))
    assert np.array_equal(noisy("multilabel", 1.0)[ROWS], 1 - LABELS[ROWS])


def test_values_get_normal_noise_in_units_of_the_given_rows() -> None:
    errors = (noisy("regression", 0.5) - VALUES)[ROWS] / (0.5 * VALUES[ROWS].std(axis=0))
    for output in range(2):
        assert stats.kstest(errors[:, output], "norm").pvalue > 1e-4
    assert abs(np.corrcoef(errors.T)[0, 1]) < 5 / np.sqrt(len(ROWS))


def test_a_higher_rate_keeps_the_wrong_labels_of_a_lower_one() -> None:
    for task in ("classification", "multilabel"):
        low, high = noisy(task, 0.2), noisy(task, 0.6)
        is_wrong = low != TARGETS[task]
        assert is_wrong.any()
        assert np.array_equal(high[is_wrong], low[is_wrong])
    errors = [noisy("regression", rate) - VALUES for rate in (0.2, 0.6)]
    assert errors[1] == pytest.approx(3 * errors[0], abs=1e-9)


@pytest.mark.parametrize("rate", [-0.1, 1.1, float("nan"), "half"])
def test_bad_rates(rate: object) -> None:
    from nnlab.checks import Parameter

    with pytest.raises(ConfigurationError, match=r"noise.rate=.* is not allowed: .* at least 0 and at most 1"):
        check_parameters("noise", {"rate": rate}, {"rate": Parameter(0.0, RATE)})
