"""nnlab: one compiled call per epoch, on one core."""

from __future__ import annotations

import numpy as np
from networks import ADAM_BETAS, ADAM_EPSILON, EXAMPLES, MOMENTUM, Data, Network, first_layers
from peers import Trainer

from nnlab import registry
from nnlab.architecture import Architecture, Dense
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Optimizer
from nnlab.network import Network as NnlabNetwork

_OPTIMIZERS = "nnlab.kernels.optimizer"


def prepare(network: Network, data: Data) -> Trainer:
    """Return a warm trainer of the network."""
    model = _network(network)
    examples = model.examples(data.x, np.eye(network.sizes[-1])[data.y])
    workspace = model.workspace(network.batch_size)
    optimizer = _optimizer(network, model)
    objective, control = model.architecture.objective, np.zeros(2, np.int64)
    no_key = np.zeros(2, np.uint32)
    generator = np.random.default_rng(2)
    epoch = 0

    def train() -> float:
        nonlocal epoch
        order = generator.permutation(EXAMPLES)
        draw = Draw(training=True, key=no_key, epoch=epoch, step=0)
        call = (model.model, workspace, examples, order, objective, optimizer, draw)
        loss, _, _ = entry_points.train_epoch(*call, network.batch_size, control)
        epoch += 1
        return float(loss) / EXAMPLES

    train()
    return train


def _network(network: Network) -> NnlabNetwork:
    """Return the network with the weights that all peers start from."""
    hidden = [Dense(units, network.activation) for units in network.sizes[1:-1]]
    layers = (*hidden, Dense(network.sizes[-1]))
    model = NnlabNetwork(Architecture(network.sizes[0], layers, "softmax_cross_entropy", classification=True))
    for weights, biases, (first_weights, first_biases) in zip(
        model.weights, model.biases, first_layers(network), strict=True
    ):
        weights[:], biases[:] = first_weights, first_biases
    return model


def _optimizer(network: Network, model: NnlabNetwork) -> Optimizer:
    rule = registry.piece(_OPTIMIZERS, network.optimizer)
    settings = {"momentum": [MOMENTUM], "adam": [*ADAM_BETAS, ADAM_EPSILON], "sgd": []}[network.optimizer]
    return Optimizer(
        rule=registry.code(_OPTIMIZERS, network.optimizer),
        settings=np.array([network.learning_rate, *settings]),
        state=np.zeros((rule.SLOTS, model.parameters.size), model.dtype),
        learning_rates=np.full(network.steps, network.learning_rate),
    )
