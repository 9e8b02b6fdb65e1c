"""Digits with two attributes: few inverted sevens to learn from, and all combinations in the test split."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnlab import data
from nnlab.errors import ConfigurationError

TEST = 1200


def loaded(**settings: Any) -> data.Dataset:
    return data.load({"name": "inverted_digits"} | settings)


def attributes(dataset: data.Dataset) -> tuple[np.ndarray, np.ndarray]:
    digit, inverted = (block.argmax(axis=1) for block in dataset.blocks(dataset.targets))
    return digit, inverted


def test_every_image_is_a_digit_of_scikit_learn_or_its_inverse() -> None:
    plain = data.load({"name": "digits"})
    known = {image.tobytes(): label for image, label in zip(plain.inputs, plain.targets.argmax(axis=1), strict=True)}
    dataset = loaded()
    for image, digit, inverted in zip(dataset.inputs, *attributes(dataset), strict=True):
        assert known[(16 - image if inverted else image).tobytes()] == digit
    assert dataset.class_names == (*(f"digit={digit}" for digit in range(10)), "inverted=no", "inverted=yes")


@pytest.mark.parametrize("rare", [1, 4, 30])
def test_outside_the_test_split_there_are_so_many_inverted_sevens(rare: int) -> None:
    digit, inverted = (labels[:-TEST] for labels in attributes(loaded(rare=rare)))
    counts = np.zeros((10, 2))
    np.add.at(counts, (digit, inverted), 1)
    assert counts[7, 1] == rare
    counts[7, 1] = 60
    assert (counts > 40).all()
    assert inverted.mean() == pytest.approx(0.5, abs=0.05)


def test_the_test_split_has_each_digit_as_it_is_and_inverted_and_none_of_the_others() -> None:
    dataset = loaded()
    assert dataset.official_test == TEST
    first, second = np.split(dataset.inputs[-TEST:], 2)
    np.testing.assert_array_equal(second, 16 - first)
    digit, inverted = (labels[-TEST:] for labels in attributes(dataset))
    assert list(inverted) == [0] * 600 + [1] * 600
    assert list(digit[:600]) == list(digit[600:])
    others = {min(image.tobytes(), (16 - image).tobytes()) for image in dataset.inputs[:-TEST]}
    assert not others & {min(image.tobytes(), (16 - image).tobytes()) for image in first}


def test_joint_heads_are_the_same_examples_with_a_class_for_each_combination() -> None:
    joint, separate = loaded(heads="joint"), loaded()
    np.testing.assert_array_equal(joint.inputs, separate.inputs)
    digit, inverted = attributes(separate)
    np.testing.assert_array_equal(joint.targets.argmax(axis=1), 2 * digit + inverted)
    assert joint.combined == (10, 2)


def test_the_seed_decides_and_nothing_else() -> None:
    assert loaded().digest == loaded().digest
    assert loaded(seed=1).digest != loaded().digest


def test_there_is_an_official_test_split() -> None:
    with pytest.raises(ConfigurationError, match="official test split"):
        data.check({"name": "inverted_digits", "test": 0.2})
