"""The test error of parts of a network that was trained with dropout, and of networks like its parts, trained apart."""

from dataclasses import replace
from functools import cache

import numpy as np

import nnlab
from nnlab import data
from nnlab.composition import compose
from nnlab.data import Dataset
from nnlab.design import completed
from nnlab.schema import Config
from nnlab.training import streams
from nnlab.training.replicate import ReplicateTraining
from nnlab.training.shared_examples import SharedExamples

KEEP = 0.5  # probability that a mask keeps a hidden unit
MOST = 10  # members that are trained apart
INITIALISATION = 2  # first part of the address of the members' random numbers in their stream


def measure(overrides: list[str], seed: int, members: int) -> dict[str, float]:
    """Return the error in per cent, on the official test examples, of the mean over the predictions of some members.

    With dropout they are so many masks of one network, none of which means the whole network with scaled weights;
    without, networks that are trained apart, at most ten.
    """
    config = compose(overrides)
    dataset = data.load(config.dataset)
    inputs, labels = dataset.inputs[-dataset.official_test :], dataset.targets[-dataset.official_test :].argmax(axis=1)
    if config.dropout > 0:
        predictions = masked(trained(tuple(overrides), seed), inputs, members, seed)
    else:
        predictions = mean([network.predict(inputs) for network in apart(tuple(overrides), seed)[:members]])
    return {"test_error": 100 * float((predictions.argmax(axis=1) != labels).mean())}


def masked(network: nnlab.Network, inputs: np.ndarray, masks: int, seed: int) -> np.ndarray:
    """Return the mean over so many masks of a network; without any, what it says with scaled weights."""
    return mean(list(network.sample_predictions(inputs, masks, seed))) if masks else network.predict(inputs)


def mean(predictions: list[np.ndarray]) -> np.ndarray:
    """Return the mean of probabilities (examples, classes)."""
    return np.mean(predictions, axis=0)


@cache
def trained(overrides: tuple[str, ...], seed: int) -> nnlab.Network:
    """Return the network with dropout of one seed."""
    return nnlab.train([*overrides, f"seeds=[{seed}]"]).network(seed)


@cache
def apart(overrides: tuple[str, ...], seed: int) -> list[nnlab.Network]:
    """Return ten networks, each with the units that a mask of its own keeps, trained on the examples of one seed.

    A mask that never changes leaves a smaller network: its layers have as many units as a mask keeps of layers that are
    1 / KEEP times as wide as the overrides say. Sizes and initial weights are drawn for each; batches are the same.
    """
    config, dataset, shared = what_seeds_share(overrides)
    settings = dict(config.initialisation)
    name = settings.pop("name")

    def member(number: int) -> nnlab.Network:
        generator = streams.generator(seed, "initialisation", INITIALISATION, number)
        widths = kept_units(config.widths, generator)
        training = ReplicateTraining(replace(config, width=widths), dataset, shared, seed)
        training.network.initialise(name, generator, **settings)
        return training.run([]).network

    return [member(number) for number in range(MOST)]


@cache
def what_seeds_share(overrides: tuple[str, ...]) -> tuple[Config, Dataset, SharedExamples]:
    """Return the configuration, the data, and these in the dtype of the kernels."""
    given = compose(overrides)
    dataset = data.load(given.dataset)
    config = completed(given, dataset)
    return config, dataset, SharedExamples.of(dataset, config.dtype)


def kept_units(widths: list[int], generator: np.random.Generator) -> list[int]:
    """Return how many units a mask keeps, drawn for layers of which it keeps so many on average."""
    return [int(generator.binomial(round(width / KEEP), KEEP)) for width in widths]
