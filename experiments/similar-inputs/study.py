"""How far a network moves similar inputs of different classes apart, and different inputs of one class together."""

from functools import cache
from typing import NamedTuple

import numpy as np

import nnlab
from nnlab import data
from nnlab.composition import compose
from nnlab.similarity import Partners, distances_of, partners_of, units_of
from nnlab.training import streams


class LogDistances(NamedTuple):
    """Mean distances at one layer, as log2.

    Attributes:
        others: of examples and their partners of another class, in units of the mean over all pairs of one class.
        own: of examples and their partners of their own class, in units of that over all pairs of different classes.
        same: over all pairs of one class.
        different: over all pairs of different classes.
    """

    others: float
    own: float
    same: float
    different: float


EXAMPLES = 500  # of a split, at most


def measure(overrides: list[str], seed: int, trained: bool = True) -> dict[str, float]:  # noqa: FBT001, FBT002
    """Return what becomes of pairs of test examples from the input to the last hidden layer, in factors of two.

    Each example is paired with the one of another class that is nearest at the input, and with the one of its own
    class that is farthest there.

    apart: log2 of the factor by which the mean distance of the first pairs grows, in units of the mean distance of all
    pairs of one class. together: log2 of that by which the mean distance of the second pairs shrinks, in units of the
    mean distance of all pairs of different classes. Units are those of the same layer, so that no scale counts.
    swapped: log2 of the first mean distance over the second; above 0, the last hidden layer has their order changed.
    train_accuracy: at the end of training, in per cent, by the labels that it was given.
    """
    inputs, labels = examples_of(tuple(overrides), seed, "test")
    network, accuracy = network_of(tuple(overrides), seed, trained)
    scaled = (inputs - network.scaling.input_shift) * network.scaling.input_scale
    partners = partners_of(distances_of(scaled), labels)
    before, after = (log_distances(x, labels, partners) for x in (scaled, network.activations(inputs)[-1]))
    return {
        "apart": after.others - before.others,
        "together": before.own - after.own,
        "swapped": (after.others + after.same) - (after.own + after.different),
        "train_accuracy": 100 * accuracy,
    }


@cache
def network_of(overrides: tuple[str, ...], seed: int, trained: bool) -> tuple[nnlab.Network, float]:  # noqa: FBT001
    """Return the network of a seed, and its accuracy in the last epoch, by the labels that it was given."""
    if not trained:
        network = nnlab.untrained_network(overrides, seed)
        inputs, labels = examples_of(overrides, seed, "train")
        return network, float((network.predict(inputs).argmax(axis=1) == labels).mean())
    result = nnlab.train([*overrides, f"seeds=[{seed}]"])
    return result.network(seed), float(result.history["train_accuracy"].iloc[-1])


def examples_of(overrides: tuple[str, ...], seed: int, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return raw inputs (n, features) and classes (n,) of a seed's split "train" or "test", or of some of it."""
    settings = compose(overrides).dataset
    dataset = data.load(settings)
    rows = getattr(data.split(dataset, settings, streams.generator(seed, "split")), part)
    rows = np.random.default_rng(seed).permutation(rows)[:EXAMPLES]
    return dataset.inputs[rows].astype(np.float64), dataset.targets[rows].argmax(axis=1)


def log_distances(values: np.ndarray, labels: np.ndarray, partners: Partners) -> LogDistances:
    """Return how far apart examples (n, units) of classes (n,) are, and their partners of another and of one class."""
    distances, rows = distances_of(values), np.arange(len(values))
    within, between = np.log2(units_of(distances, labels))
    others, own = np.log2([distances[rows, each].mean() for each in partners])
    return LogDistances(others - within, own - between, within, between)
