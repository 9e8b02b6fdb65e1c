"""What all PyTorch peers share: parameters from the common first layers, the loss, and the loop over an epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from networks import Data, Layer, Network
from peers import Trainer
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

ACTIVATIONS = {"sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh}

Step = Callable[[Tensor], Tensor]  # from a batch's row numbers to its loss
Batches = Callable[[Network], Iterable[Tensor]]  # the row numbers of each batch of an epoch


def tensors(data: Data) -> tuple[Tensor, Tensor]:
    """Return inputs and classes as tensors."""
    return torch.from_numpy(data.x), torch.from_numpy(data.y)


def parameters(layer: Layer) -> tuple[Tensor, Tensor]:
    """Return a layer's weights of shape (n_out, n_in), as PyTorch keeps them, and its biases."""
    weights, biases = layer
    return torch.from_numpy(weights.T.copy()), torch.from_numpy(biases.copy())


def loss_of(network: Network) -> Callable[[list[Tensor], Tensor, Tensor], Tensor]:
    """Return the loss as a function of all weights and biases in turn, the inputs and the classes."""
    activation = ACTIVATIONS[network.activation]

    def loss(values: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
        *hidden, last = zip(values[::2], values[1::2], strict=True)
        for weights, biases in hidden:
            x = activation(linear(x, weights, biases))
        return cross_entropy(linear(x, *last), y)

    return loss


def batches(network: Network) -> Iterable[Tensor]:
    """Return the batches of an epoch, (batch_size,) each."""
    return torch.randperm(network.examples).split(network.batch_size)


def warm_trainer(step: Step, network: Network, threads: int, batches: Batches = batches) -> Trainer:
    """Return a trainer that has trained its first epoch, with that number of threads inside an operation."""

    def train() -> float:
        torch.set_num_threads(threads)
        total = torch.zeros(())
        for batch in batches(network):
            total += step(batch)
        return float(total) / network.steps

    train()
    return train
