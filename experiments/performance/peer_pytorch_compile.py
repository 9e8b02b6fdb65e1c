"""torch.compile: gather, forward, backward and update of a step as ONE compiled graph with a C++ wrapper.

This is several times faster on small networks than compiling the module alone and leaving backward and the
optimizer to eager code, since each of those costs Python and autograd time on every step.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import torch.compiler.config
from networks import ADAM_BETAS, ADAM_EPSILON, MOMENTUM, Data, Network, first_layers
from peers import Trainer
from pytorch_epochs import loss_of, parameters, tensors, warm_trainer
from torch import Tensor

if not (shutil.which("g++") or shutil.which("clang++")):
    raise ImportError("torch.compile needs a C++ compiler: g++ or clang++")

# Six networks with two thread counts share one function; beyond eight versions, compilation would stop.
torch.compiler.config.recompile_limit = 64

SLOTS = {"sgd": 0, "momentum": 1, "adam": 2}  # tensors that an optimizer keeps for each parameter

Tensors = list[Tensor]
Update = Callable[[Tensors, Tensors, list[Tensors], Tensor], None]


def prepare(network: Network, data: Data, threads: int = 1) -> Trainer:
    """Return a warm trainer of the network."""
    torch.set_num_threads(threads)  # counts are compiled in
    x, y = tensors(data)
    values = [tensor for layer in first_layers(network) for tensor in parameters(layer)]
    slots = [[torch.zeros_like(value) for value in values] for _ in range(SLOTS[network.optimizer])]
    count = torch.zeros(())
    compiled = _compiled(network, threads)
    return warm_trainer(lambda batch: compiled(x, y, batch, values, slots, count), network, threads)


@cache
def _compiled(network: Network, _threads: int) -> Callable[..., Tensor]:
    return torch.compile(_step(network), fullgraph=True, dynamic=False, options={"cpp_wrapper": True})


def _step(network: Network) -> Callable[..., Tensor]:
    differentiate = torch.func.grad_and_value(loss_of(network))
    update = update_of(network)

    def step(x: Tensor, y: Tensor, batch: Tensor, values: Tensors, *state: Any) -> Tensor:
        loss: Tensor
        gradients, loss = differentiate(values, x.index_select(0, batch), y.index_select(0, batch))
        update(values, gradients, *state)
        return loss

    return step


def update_of(network: Network) -> Update:
    """Return a step of the network's optimizer, in place and elementwise: values may be those of many networks."""
    return {"sgd": _sgd, "momentum": _momentum, "adam": _adam}[network.optimizer](network.learning_rate)


def _sgd(rate: float) -> Update:
    def update(values: Tensors, gradients: Tensors, _slots: list[Tensors], _count: Tensor) -> None:
        for value, gradient in zip(values, gradients, strict=True):
            value.sub_(rate * gradient)

    return update


def _momentum(rate: float) -> Update:
    def update(values: Tensors, gradients: Tensors, slots: list[Tensors], _count: Tensor) -> None:
        for value, gradient, velocity in zip(values, gradients, *slots, strict=True):
            velocity.mul_(MOMENTUM).add_(gradient)
            value.sub_(rate * velocity)

    return update


def _adam(rate: float) -> Update:
    beta1, beta2 = ADAM_BETAS

    def update(values: Tensors, gradients: Tensors, slots: list[Tensors], count: Tensor) -> None:
        count.add_(1)
        correction1, correction2 = 1 - beta1**count, torch.sqrt(1 - beta2**count)
        for value, gradient, mean, square in zip(values, gradients, *slots, strict=True):
            mean.mul_(beta1).add_((1 - beta1) * gradient)
            square.mul_(beta2).add_((1 - beta2) * gradient * gradient)
            value.sub_(rate / correction1 * mean / (square.sqrt() / correction2 + ADAM_EPSILON))

    return update
