"""nnlab: one compiled call per epoch, on one core or with another that helps, as an idle worker of a training does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from networks import ADAM_BETAS, ADAM_EPSILON, MOMENTUM, Data, Network, first_layers
from peers import Trainer

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.kernels import entry_points
from nnlab.kernels.sharing import help_with
from nnlab.kernels.structures import Draw, Examples, Optimizer
from nnlab.network import Network as NnlabNetwork
from nnlab.updates import optimizer_of

BETWEEN_EPOCHS_SECONDS = 2e-3
LOOKS = 100_000  # for something to help with: a quarter of a millisecond


def prepare(network: Network, data: Data | Examples, threads: int) -> Trainer:
    """Return a warm trainer of the network on one or more threads."""
    model = _network(network)
    examples = data if isinstance(data, Examples) else load(network, data)
    crew = _Crew(model, network.batch_size, threads - 1)
    workspace = model.workspace(network.batch_size, crew.board)
    optimizer = _optimizer(network, model)
    objective, control = model.objective, np.zeros(2, np.int64)
    generator = network.order_generator()
    epoch = 0

    def train() -> float:
        nonlocal epoch
        order = generator.permutation(network.examples)
        draw = Draw(training=True, random=True, key_low=0, key_high=0, epoch=epoch, step=0)
        call = (model.model, workspace, examples, order, objective, optimizer, draw)
        with crew.at_work():
            sums = entry_points.train_epoch(*call, network.batch_size, control)
        epoch += 1
        return float(sums.loss) / network.examples

    train()
    return train


def load(network: Network, data: Data) -> Examples:
    """Return the data as kernels take them."""
    return _network(network).examples(data.x, np.eye(network.sizes[-1])[data.y])


class _Crew:
    """Threads that help the training of one network from epoch to epoch, as idle workers of a training do.

    They are gone before another peer is measured.
    """

    def __init__(self, model: NnlabNetwork, batch_size: int, helpers: int) -> None:
        workspace = model.workspace(batch_size)
        self.board = workspace.board
        self._buffers = [np.zeros_like(workspace.panel) for _ in range(helpers)]
        self._pool = ThreadPoolExecutor(max(1, helpers))
        self._helping: list[Future[None]] = []
        self._is_training, self._ended = False, 0.0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._is_training = True
        if all(helper.done() for helper in self._helping):
            self._helping = [self._pool.submit(self._help, buffer) for buffer in self._buffers]
        yield
        self._is_training, self._ended = False, time.perf_counter()

    def _help(self, buffer: np.ndarray) -> None:
        while self._is_training or time.perf_counter() < self._ended + BETWEEN_EPOCHS_SECONDS:
            help_with(self.board.reshape(1, -1), buffer, LOOKS)


def _network(network: Network) -> NnlabNetwork:
    """Return the network with the weights that all peers start from."""
    hidden = [Dense(units, Piece(network.activation)) for units in network.sizes[1:-1]]
    layers = (*hidden, Dense(network.sizes[-1]))
    model = NnlabNetwork(Architecture(network.sizes[0], layers, Piece("softmax_cross_entropy")))
    for weights, biases, (first_weights, first_biases) in zip(
        model.weights, model.biases, first_layers(network), strict=True
    ):
        weights[:], biases[:] = first_weights, first_biases
    return model


def _optimizer(network: Network, model: NnlabNetwork) -> Optimizer:
    settings = {
        "momentum": {"momentum": MOMENTUM},
        "adam": {"beta1": ADAM_BETAS[0], "beta2": ADAM_BETAS[1], "epsilon": ADAM_EPSILON},
        "sgd": {},
    }[network.optimizer]
    rates = np.full(network.steps, network.learning_rate)
    return optimizer_of(
        model.parameters, Piece(network.optimizer, {"learning_rate": network.learning_rate, **settings}), rates
    )
