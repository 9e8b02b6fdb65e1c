"""The real MNIST and Fashion-MNIST, where $NNLAB_DATA holds them."""

from __future__ import annotations

import os

import numpy as np
import pytest

from nnlab import data

pytestmark = pytest.mark.skipif("NNLAB_DATA" not in os.environ, reason="NNLAB_DATA is not set")

TRAIN = {
    "mnist": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "fashion_mnist": [6000] * 10,
}
TEST = {
    "mnist": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    "fashion_mnist": [1000] * 10,
}


@pytest.mark.parametrize("name", TRAIN)
def test_images_and_labels(name: str) -> None:
    dataset = data.load({"name": name})
    assert dataset.name == name
    assert dataset.inputs.shape == (70_000, 784)
    assert dataset.inputs.dtype == np.uint8
    assert (dataset.inputs.min(), dataset.inputs.max()) == (0, 255)
    assert dataset.official_test == 10_000
    assert dataset.targets[:60_000].sum(axis=0).tolist() == TRAIN[name]
    assert dataset.targets[60_000:].sum(axis=0).tolist() == TEST[name]
    assert len(dataset.class_names) == 10
    assert len(dataset.feature_names) == 784


@pytest.mark.parametrize("name", TRAIN)
def test_splits_and_scaling(name: str) -> None:
    settings = data.check({"name": name, "subset": 1000})
    dataset = data.load(settings)
    drawn = data.split(dataset, settings, np.random.default_rng(0))
    assert (len(drawn.train), len(drawn.validation)) == (1000, 5000)
    assert np.array_equal(drawn.test, np.arange(60_000, 70_000))
    scaling = data.fit_scaling(dataset.inputs, drawn.train, settings["scaling"])
    assert np.array_equal(scaling.scale, np.full(784, 1 / 255))


def test_a_known_digit() -> None:
    dataset = data.load({"name": "mnist"})
    assert dataset.targets[0].argmax() == 5
    assert dataset.targets[60_000].argmax() == 7
    assert dataset.inputs[0].reshape(28, 28)[5, 12:15].tolist() == [3, 18, 18]
