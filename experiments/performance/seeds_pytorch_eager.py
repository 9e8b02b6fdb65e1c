"""PyTorch, eager, many networks as one: vmap of the gradient, and a fused optimizer of the stacked parameters."""

from __future__ import annotations

from collections.abc import Sequence

from networks import Data, Network
from peer_pytorch_eager import optimizer_of
from peers import Trainer
from pytorch_epochs import tensors, warm_trainer
from seeds_pytorch import differentiate, rows, stacked_batches, stacked_values
from torch import Tensor, nn


def prepare(networks: Sequence[Network], data: Data, threads: int) -> Trainer:
    """Return a warm trainer of networks that differ in their seed."""
    network, (x, y) = networks[0], tensors(data)
    values = stacked_values(networks)
    learned = [nn.Parameter(value, requires_grad=False) for value in values]
    gradients_and_losses, optimizer = differentiate(network), optimizer_of(network, learned)

    def step(batch: Tensor) -> Tensor:
        gradients, losses = gradients_and_losses(values, rows(x, batch), rows(y, batch))
        for value, gradient in zip(learned, gradients, strict=True):
            value.grad = gradient
        optimizer.step()
        return losses.mean()

    return warm_trainer(step, network, threads, stacked_batches(networks))
