"""The test error of a network that was trained with dropout: with scaled weights, or the mean of random parts of it."""

from functools import cache

import numpy as np

import nnlab
from nnlab import data
from nnlab.composition import compose

AT_A_TIME = 2000  # examples


@cache
def trained(overrides: tuple[str, ...], seed: int) -> nnlab.Network:
    """Return the network of one seed, which all arms share."""
    return nnlab.train([*overrides, f"seeds=[{seed}]"]).network(seed)


def measure(overrides: list[str], seed: int, samples: int) -> dict[str, float]:
    """Return the error in per cent on the official test examples; no samples: of the network with scaled weights."""
    network, dataset = trained(tuple(overrides), seed), data.load(compose(overrides).dataset)
    inputs, labels = dataset.inputs[-dataset.official_test :], dataset.targets[-dataset.official_test :].argmax(axis=1)
    wrong = 0
    for part in np.split(np.arange(len(inputs)), len(inputs) // AT_A_TIME):
        wrong += int((probabilities(network, inputs[part], samples).argmax(axis=1) != labels[part]).sum())
    return {"test_error": 100 * wrong / len(inputs)}


def probabilities(network: nnlab.Network, inputs: np.ndarray, samples: int) -> np.ndarray:
    """Return what the network says of each example, or the mean of what random parts of it say."""
    return network.sample_predictions(inputs, samples).mean(axis=0) if samples else network.predict(inputs)
