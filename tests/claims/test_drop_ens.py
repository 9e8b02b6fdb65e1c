"""The claim drop-ens: members that are trained apart, and the error of the mean over some."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import load_study

MEASURE = load_study(read_claim(Path(nnlab.__file__).parents[1] / "experiments" / "drop-ens"))
STUDY = MEASURE.__globals__


@pytest.fixture
def overrides(tmp_path: Path) -> list[str]:
    """Data that anything learns, but that one of four test examples has the wrong class."""
    x = np.linspace(-1, 1, 200)[:, np.newaxis]
    np.savez(tmp_path / "signs.npz", X=x, y=x[:, 0] > 0, X_test=[[-0.9], [-0.8], [0.9], [0.8]], y_test=[0, 0, 1, 0])
    path = f"dataset.path={tmp_path / 'signs.npz'}"
    return ["dataset=npz", path, "dataset.task=classification", "width=[16,16]", "epochs=20", "learning_rate=0.01"]


def test_the_error_is_that_of_the_mean(overrides: list[str]) -> None:
    for members in (1, 10):
        assert MEASURE(overrides, 0, members=members) == {"test_error": 25}
        assert MEASURE([*overrides, "dropout=0.5"], 0, members=members) == {"test_error": 25}
    assert MEASURE([*overrides, "dropout=0.5"], 0, members=0) == {"test_error": 25}


def test_members_have_the_same_examples_and_sizes_and_weights_of_their_own(overrides: list[str]) -> None:
    members = STUDY["apart"](tuple(overrides), 3)
    assert len(members) == 10
    scaling = nnlab.untrained_network(overrides, 3).scaling
    assert all(network.scaling.input_shift == scaling.input_shift for network in members)
    assert scaling.input_shift != nnlab.untrained_network(overrides, 4).scaling.input_shift
    assert len({tuple(weights.shape[1] for weights in network.weights) for network in members}) > 5
    assert len({float(network.weights[0][0, 0]) for network in members}) == 10


def test_masks_are_averaged_and_none_is_the_whole_network(overrides: list[str]) -> None:
    network = nnlab.untrained_network([*overrides, "dropout=0.5"])
    x = np.array([[0.5], [-0.5]])
    one, two = network.sample_predictions(x, 2, 3)
    np.testing.assert_allclose(STUDY["masked"](network, x, 2, 3), (one + two) / 2)
    np.testing.assert_array_equal(STUDY["masked"](network, x, 0, 3), network.predict(x))


def test_a_mask_keeps_half_of_twice_as_many_units() -> None:
    generator = np.random.default_rng(0)
    kept = np.array([STUDY["kept_units"]([128, 50], generator) for _ in range(2000)])
    np.testing.assert_allclose(kept.mean(axis=0), [128, 50], rtol=0.01)
    np.testing.assert_allclose(kept.var(axis=0), [64, 25], rtol=0.1)
