"""torch.compile: gather, forward, backward and update of a step as ONE compiled graph with a C++ wrapper.

This is several times faster on small networks than compiling the module alone and leaving backward and the
optimizer to eager code, since each of those costs Python and autograd time on every step.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import torch
import torch.compiler.config
from networks import ADAM_BETAS, ADAM_EPSILON, MOMENTUM, Data, Network, first_layers
from peers import Trainer
from pytorch_epochs import parameters, tensors, warm_trainer
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

if not (shutil.which("g++") or shutil.which("clang++")):
    raise ImportError("torch.compile needs a C++ compiler: g++ or clang++")

# Six networks with two thread counts share one function; beyond eight versions, compilation would stop.
torch.compiler.config.recompile_limit = 64

ACTIVATIONS = {"sigmoid": torch.sigmoid, "relu": torch.relu, "tanh": torch.tanh}
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
    compiled = torch.compile(_step(network), fullgraph=True, dynamic=False, options={"cpp_wrapper": True})
    return warm_trainer(lambda batch: compiled(x, y, batch, values, slots, count), network, threads)


def _step(network: Network) -> Callable[..., Tensor]:
    differentiate = torch.func.grad_and_value(_loss(network))
    update = {"sgd": _sgd, "momentum": _momentum, "adam": _adam}[network.optimizer](network.learning_rate)

    def step(x: Tensor, y: Tensor, batch: Tensor, values: Tensors, *state: Any) -> Tensor:
        loss: Tensor
        gradients, loss = differentiate(values, x.index_select(0, batch), y.index_select(0, batch))
        update(values, gradients, *state)
        return loss

    return step


def _loss(network: Network) -> Callable[[Tensors, Tensor, Tensor], Tensor]:
    activation = ACTIVATIONS[network.activation]

    def loss(values: Tensors, x: Tensor, y: Tensor) -> Tensor:
        *hidden, last = zip(values[::2], values[1::2], strict=True)
        for weights, biases in hidden:
            x = activation(linear(x, weights, biases))
        return cross_entropy(linear(x, *last), y)

    return loss


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
