"""What both PyTorch peers share: parameters from the common first layers, and the loop over an epoch."""

from __future__ import annotations

from collections.abc import Callable

import torch
from networks import EXAMPLES, Data, Layer, Network
from peers import Trainer
from torch import Tensor

Step = Callable[[Tensor], Tensor]  # from a batch's row numbers to its loss


def tensors(data: Data) -> tuple[Tensor, Tensor]:
    """Return inputs and classes as tensors."""
    return torch.from_numpy(data.x), torch.from_numpy(data.y)


def parameters(layer: Layer) -> tuple[Tensor, Tensor]:
    """Return a layer's weights of shape (n_out, n_in), as PyTorch keeps them, and its biases."""
    weights, biases = layer
    return torch.from_numpy(weights.T.copy()), torch.from_numpy(biases.copy())


def warm_trainer(step: Step, network: Network, threads: int) -> Trainer:
    """Return a trainer that has trained its first epoch, with that number of threads inside an operation."""

    def train() -> float:
        torch.set_num_threads(threads)
        total = torch.zeros(())
        for batch in torch.randperm(EXAMPLES).split(network.batch_size):
            total += step(batch)
        return float(total) / network.steps

    train()
    return train
