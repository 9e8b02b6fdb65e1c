"""The six networks, their data and their first weights: one definition, the same for every peer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

EXAMPLES = 6_400  # a whole number of batches of 32, 100 and 128
MOMENTUM = 0.9
ADAM_BETAS = (0.9, 0.999)
ADAM_EPSILON = 1e-8
MISLABELLED = 0.1

Floats = npt.NDArray[np.float32]
Layer = tuple[Floats, Floats]  # weights (n_in, n_out) and biases (n_out,)


@dataclass(frozen=True)
class Network:
    """A fully connected classifier (softmax cross-entropy at its end) and how it is trained.

    `sizes` are the numbers of units from the inputs to the classes; `activation` follows every hidden layer.
    """

    title: str
    sizes: tuple[int, ...]
    activation: Literal["sigmoid", "relu", "tanh"]
    batch_size: int
    optimizer: Literal["sgd", "momentum", "adam"]
    learning_rate: float
    examples: int = EXAMPLES
    seed: int = field(default=0, compare=False)  # of first weights and order: changes nothing that is compiled

    @property
    def steps(self) -> int:
        """Training steps in one epoch."""
        return self.examples // self.batch_size

    def order_generator(self) -> np.random.Generator:
        """Return what shuffles the examples anew for each epoch."""
        return np.random.default_rng((2, self.seed))


class Data(NamedTuple):
    """Inputs x of shape (examples, n_features), float32, and classes y of shape (examples,), int64."""

    x: Floats
    y: npt.NDArray[np.int64]


NETWORKS: dict[int, Network] = {
    1: Network("784-50-10 sigmoid", (784, 50, 10), "sigmoid", 100, "sgd", 0.1),
    2: Network("784-256-256-10 ReLU", (784, 256, 256, 10), "relu", 128, "adam", 1e-3),
    3: Network("64-(32 x 20)-10 ReLU", (64, *[32] * 20, 10), "relu", 32, "momentum", 1e-3),
    4: Network("64-(32 x 56)-10 ReLU", (64, *[32] * 56, 10), "relu", 32, "momentum", 1e-3),
    5: Network("2-16-16-2 tanh", (2, 16, 16, 2), "tanh", 32, "adam", 1e-3),
    6: Network("784-(1024 x 3)-10 ReLU", (784, *[1024] * 3, 10), "relu", 128, "momentum", 1e-3),
}


def make_data(network: Network) -> Data:
    """Return normal clouds, one a class, around centres drawn once; a tenth of the labels are random.

    The wrong labels keep the loss, and with it the gradients, away from zero however long the training:
    numbers too small to be normal ones would slow every peer down.
    """
    generator = np.random.default_rng(0)
    n_features, n_classes = network.sizes[0], network.sizes[-1]
    centres = generator.normal(scale=4 / np.sqrt(n_features), size=(n_classes, n_features))
    y = generator.integers(n_classes, size=network.examples)
    x = centres[y] + generator.normal(size=(network.examples, n_features))
    wrong = generator.random(network.examples) < MISLABELLED
    y[wrong] = generator.integers(n_classes, size=wrong.sum())
    return Data(((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32), y)


def first_layers(network: Network) -> list[Layer]:
    """Return the weights that peers start from: He for ReLU, else Xavier, both normal; biases are zero."""
    generator = np.random.default_rng((1, network.seed))
    return [
        (_weights(generator, network.activation, n_in, n_out), np.zeros(n_out, dtype=np.float32))
        for n_in, n_out in zip(network.sizes, network.sizes[1:], strict=False)
    ]


def _weights(generator: np.random.Generator, activation: str, n_in: int, n_out: int) -> Any:
    variance = 2 / n_in if activation == "relu" else 2 / (n_in + n_out)
    return generator.normal(scale=np.sqrt(variance), size=(n_in, n_out)).astype(np.float32)
