"""torch.compile, many networks as one: a step of all of them, by vmap, is ONE compiled graph with a C++ wrapper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from networks import Data, Network
from peer_pytorch_compile import SLOTS, Tensors, update_of
from peers import Trainer
from pytorch_epochs import tensors, warm_trainer
from seeds_pytorch import differentiate, rows, stacked_batches, stacked_values
from torch import Tensor


def prepare(networks: Sequence[Network], data: Data, threads: int) -> Trainer:
    """Return a warm trainer of networks that differ in their seed."""
    torch.set_num_threads(threads)  # counts are compiled in
    network, (x, y) = networks[0], tensors(data)
    values = stacked_values(networks)
    slots = [[torch.zeros_like(value) for value in values] for _ in range(SLOTS[network.optimizer])]
    count = torch.zeros(())
    compiled = torch.compile(_step(network), fullgraph=True, dynamic=False, options={"cpp_wrapper": True})
    step = lambda batch: compiled(x, y, batch, values, slots, count)  # noqa: E731
    return warm_trainer(step, network, threads, stacked_batches(networks))


def _step(network: Network) -> Callable[..., Tensor]:
    gradients_and_losses, update = differentiate(network), update_of(network)

    def step(x: Tensor, y: Tensor, batch: Tensor, values: Tensors, *state: Any) -> Tensor:
        gradients, losses = gradients_and_losses(values, rows(x, batch), rows(y, batch))
        update(values, gradients, *state)
        return losses.mean()

    return step
