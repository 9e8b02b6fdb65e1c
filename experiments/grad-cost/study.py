"""The gradient of one batch of 100 images, by backpropagation and by two forward passes for each parameter."""

import time

import numpy as np

import nnlab
from nnlab import Network, data
from nnlab.composition import compose

ALONE = True  # what is timed has the machine to itself
BATCH, REPETITIONS = 100, 21


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return how many passes one gradient takes, how far it is from the other one, and how long both take."""
    dataset = data.load(compose(overrides).dataset)
    rows = np.random.default_rng(seed).choice(len(dataset.inputs), BATCH, replace=False)
    x, y = dataset.inputs[rows], dataset.targets[rows].argmax(axis=1)
    network = nnlab.untrained_network(overrides, seed)
    nnlab.numerical_gradient(nnlab.untrained_network([*overrides, "dataset=iris", "width=2"]), [[1, 2, 3, 4]], [0])
    start = time.perf_counter()
    numerical = nnlab.numerical_gradient(network, x, y)
    seconds = time.perf_counter() - start
    _, gradient = network.loss_and_gradient(x, y)
    return {
        "passes_for_weights": 2 * sum(weights.size for weights in network.weights),
        "passes": 2 * network.parameters.size,
        "relative_error": np.linalg.norm(numerical - gradient) / np.linalg.norm(gradient),
        "seconds": seconds,
        "time_ratio": seconds / backpropagation_seconds(network, x, y),
    }


def backpropagation_seconds(network: Network, x: np.ndarray, y: np.ndarray) -> float:
    """Return the median time of one forward and backward pass."""
    seconds = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        network.loss_and_gradient(x, y)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))
