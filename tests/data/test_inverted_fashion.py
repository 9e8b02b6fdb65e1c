"""Articles of clothing with two attributes, where $NNLAB_DATA holds Fashion-MNIST."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from nnlab import data
from nnlab.errors import ConfigurationError

pytestmark = pytest.mark.skipif("NNLAB_DATA" not in os.environ, reason="NNLAB_DATA is not set")

TEST = 10_000


def loaded(**settings: Any) -> data.Dataset:
    return data.load({"name": "inverted_fashion", "examples": 2000} | settings)


def attributes(dataset: data.Dataset) -> tuple[np.ndarray, np.ndarray]:
    label, inverted = (block.argmax(axis=1) for block in dataset.blocks(dataset.targets))
    return label, inverted


@pytest.mark.parametrize("shift", [False, True])
def test_every_image_is_one_of_fashion_mnist_or_its_inverse(shift: bool) -> None:
    """With a shift, the label of an inverted one is that of the next class."""
    plain = data.load({"name": "fashion_mnist"})
    known = {image.tobytes(): label for image, label in zip(plain.inputs, plain.targets.argmax(axis=1), strict=True)}
    dataset = loaded(shift=shift)
    assert dataset.inputs.dtype == np.uint8
    for image, label, inverted in zip(dataset.inputs, *attributes(dataset), strict=True):
        assert (known[(255 - image if inverted else image).tobytes()] + (shift and inverted)) % 10 == label
    assert dataset.class_names == (*(f"label={label}" for label in range(10)), "inverted=no", "inverted=yes")


@pytest.mark.parametrize(("rare", "rare_class"), [(1, 0), (25, 9)])
def test_outside_the_test_split_there_are_so_many_of_the_rare_combination(rare: int, rare_class: int) -> None:
    label, inverted = (values[:-TEST] for values in attributes(loaded(rare=rare, rare_class=rare_class)))
    counts = np.zeros((10, 2))
    np.add.at(counts, (label, inverted), 1)
    assert counts[rare_class, 1] == rare
    counts[rare_class, 1] = 100
    assert (counts > 65).all()


def test_half_of_the_official_test_images_are_inverted() -> None:
    dataset = loaded()
    assert dataset.official_test == TEST
    label, inverted = (values[-TEST:] for values in attributes(dataset))
    assert np.bincount(label).tolist() == [1000] * 10
    assert inverted.sum() == TEST / 2
    assert (np.bincount(label[inverted == 1]) > 450).all()


def test_both_kinds_of_heads_have_the_same_images_and_splits() -> None:
    separate, joint = loaded(), loaded(heads="joint")
    np.testing.assert_array_equal(separate.inputs, joint.inputs)
    np.testing.assert_array_equal(joint.targets.argmax(axis=1), np.ravel_multi_index(attributes(separate), (10, 2)))
    settings = data.check({"name": "inverted_fashion"})
    one, other = (data.split(dataset, settings, np.random.default_rng(0)) for dataset in (separate, joint))
    np.testing.assert_array_equal(one.train, other.train)


def test_another_seed_draws_other_images() -> None:
    assert loaded(seed=1).digest != loaded().digest


def test_more_rare_ones_than_there_are_is_one_line() -> None:
    with pytest.raises(ConfigurationError, match=r"dataset\.rare=500 is not allowed: .*at most \d+, as many as"):
        loaded(rare=500)
