"""What both PyTorch ways to train many networks as one share: stacked parameters, batches and gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
from networks import Network, first_layers
from pytorch_epochs import loss_of, parameters
from torch import Tensor


def stacked_values(networks: Sequence[Network]) -> list[Tensor]:
    """Return weights (networks, n_out, n_in) and biases (networks, n_out) of each layer in turn."""
    each = [[value for layer in first_layers(network) for value in parameters(layer)] for network in networks]
    return [torch.stack(values) for values in zip(*each, strict=True)]


def stacked_batches(networks: Sequence[Network]) -> Callable[[Network], Iterable[Tensor]]:
    """Return what gives the batches of an epoch, (networks, batch_size) each; every network has its own order."""

    def batches(network: Network) -> Iterable[Tensor]:
        orders = torch.stack([torch.randperm(network.examples) for _ in networks])
        return (batch.contiguous() for batch in orders.split(network.batch_size, dim=1))

    return batches


def rows(values: Tensor, batch: Tensor) -> Tensor:
    """Return the rows that each network has in its batch, (networks, batch_size, ...)."""
    return values.index_select(0, batch.view(-1)).view(*batch.shape, *values.shape[1:])


def differentiate(network: Network) -> Callable[[list[Tensor], Tensor, Tensor], tuple[list[Tensor], Tensor]]:
    """Return the gradients and losses of all networks as a function of their values, inputs and classes."""
    return torch.vmap(torch.func.grad_and_value(loss_of(network)))
