"""PyTorch, eager: modules, autograd and its fused optimizers, which were faster than the other two kinds."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from networks import ADAM_BETAS, ADAM_EPSILON, MOMENTUM, Data, Layer, Network, first_layers
from peers import Trainer
from pytorch_epochs import parameters, tensors, warm_trainer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh}


def prepare(network: Network, data: Data, threads: int = 1) -> Trainer:
    """Return a warm trainer of the network."""
    x, y = tensors(data)
    model = _model(network)
    optimizer = optimizer_of(network, model.parameters())

    def step(batch: Tensor) -> Tensor:
        loss = cross_entropy(model(x.index_select(0, batch)), y.index_select(0, batch))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return warm_trainer(step, network, threads)


def _model(network: Network) -> nn.Sequential:
    activation = ACTIVATIONS[network.activation]
    linear = [_linear(layer) for layer in first_layers(network)]
    return nn.Sequential(*[module for layer in linear[:-1] for module in (layer, activation())], linear[-1])


def _linear(layer: Layer) -> nn.Linear:
    weights, biases = parameters(layer)
    linear = nn.Linear(weights.shape[1], weights.shape[0])
    linear.load_state_dict({"weight": weights, "bias": biases})
    return linear


def optimizer_of(network: Network, learned: Iterable[Tensor]) -> torch.optim.Optimizer:
    """Return the network's optimizer of what is learned."""
    rate = network.learning_rate
    if network.optimizer == "adam":
        return torch.optim.Adam(learned, rate, ADAM_BETAS, ADAM_EPSILON, fused=True)
    momentum = MOMENTUM if network.optimizer == "momentum" else 0.0
    return torch.optim.SGD(learned, rate, momentum, fused=True)
