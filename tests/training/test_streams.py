"""Named random streams: independent of each other and of everything but their address."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlab
from nnlab.composition import compose
from nnlab.data import load
from nnlab.training import streams
from nnlab.training.replicate import ReplicateTraining
from nnlab.training.shared_examples import SharedExamples

SMALL = ["dataset=moons", "dataset.examples=60", "width=4", "loss=softmax_cross_entropy", "tracking=none"]


def numbers(seed: int, stream: str, *address: int) -> np.ndarray:
    return streams.generator(seed, stream, *address).random(8)


def training(*overrides: str, seed: int = 3) -> ReplicateTraining:
    config = compose([*SMALL, *overrides])
    dataset = load(config.dataset)
    return ReplicateTraining(config, dataset, SharedExamples.of(dataset, config.dtype), seed)


def test_the_places_of_the_streams_are_kept() -> None:
    """Another order would change the numbers of every seed that was ever recorded."""
    assert streams.STREAMS[:4] == ("split", "initialisation", "order", "masks")
    assert (
        streams.philox_key(7, "masks").tolist() == np.random.SeedSequence(7, spawn_key=(3,)).generate_state(2).tolist()
    )


@settings(deadline=None, max_examples=50, derandomize=True, database=None)
@given(st.integers(0, 2**63 - 1), st.integers(0, 10_000))
def test_the_same_address_gives_the_same_numbers(seed: int, epoch: int) -> None:
    assert np.array_equal(numbers(seed, "order", epoch), numbers(seed, "order", epoch))


def test_each_seed_stream_and_epoch_has_numbers_of_its_own() -> None:
    addresses = [(seed, stream) for seed in (0, 1, 2**63 - 1) for stream in streams.STREAMS]
    drawn = [numbers(*address) for address in addresses]
    drawn += [numbers(0, stream, epoch) for stream in streams.STREAMS for epoch in (0, 1, 2)]
    assert not any(np.intersect1d(one, other).size for one, other in itertools.combinations(drawn, 2))


def test_streams_are_not_correlated() -> None:
    samples = np.array([streams.generator(5, stream).normal(size=20_000) for stream in streams.STREAMS])
    off_diagonal = np.corrcoef(samples) - np.eye(len(samples))
    assert np.abs(off_diagonal).max() < 5 / np.sqrt(20_000)


def test_an_epoch_is_drawn_without_those_before_it() -> None:
    in_turn = [numbers(4, "order", epoch) for epoch in range(5)]
    assert np.array_equal(numbers(4, "order", 3), in_turn[3])


def test_a_key_is_two_words_per_seed() -> None:
    keys = {tuple(streams.philox_key(seed, "masks").tolist()) for seed in range(1000)}
    assert len(keys) == 1000
    assert streams.philox_key(0, "masks").dtype == np.uint32


def test_an_unknown_stream_is_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        streams.generator(0, "shuffle")


@pytest.mark.parametrize(
    "overrides",
    [
        ["width=9"],
        ["depth=5"],
        ["initialisation=xavier"],
        ["dropout=0.5"],
        ["batch_size=7"],
        ["dtype=float64"],
    ],
)
def test_the_split_does_not_depend_on(overrides: list[str]) -> None:
    one, other = training().split, training(*overrides).split
    for part in ("train", "validation", "test"):
        assert np.array_equal(getattr(one, part), getattr(other, part))


@pytest.mark.parametrize(
    "overrides",
    [["dropout=0.5"], ["batch_size=7"], ["dataset.validation=0.3"], ["optimizer=sgd"], ["epochs=2"]],
)
def test_the_initial_weights_do_not_depend_on(overrides: list[str]) -> None:
    assert np.array_equal(training().network.parameters, training(*overrides).network.parameters)


def test_the_first_weights_do_not_depend_on_the_depth() -> None:
    assert np.array_equal(training().network.weights[0], training("depth=7").network.weights[0])


def test_seeds_differ_in_split_and_weights() -> None:
    one, other = training(seed=0), training(seed=1)
    assert not np.array_equal(one.split.train, other.split.train)
    assert not np.array_equal(one.network.parameters, other.network.parameters)


def test_an_untrained_network_has_the_weights_that_training_starts_from() -> None:
    network = nnlab.untrained_network(SMALL[:-1], seed=3)
    assert np.array_equal(network.parameters, training().network.parameters)
