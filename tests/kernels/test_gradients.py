"""Gradients in float64 against central differences, and losses, gradients and training against PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from kernel_cases import DEPTHS, data_for, draw_of, mixed, network_of, optimizer_of, stack
from loss_cases import FEW_LOSSES
from measuring import central_differences, loss_and_gradient, relative_error
from optimizer_cases import OPTIMIZERS, pytorch_optimizer
from pytorch_twin import PytorchTwin

from nnlab.kernels import entry_points
from nnlab.network import Network

EXAMPLES = 7
LARGEST_ERROR = 1e-10


@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "mixed"])
def test_central_differences(activation: str, loss: str) -> None:
    layers = mixed() if activation == "mixed" else stack(activation, 2)
    network = network_of(layers, loss, "float64")
    inputs, targets = data_for(network, EXAMPLES)
    _, gradient = loss_and_gradient(network, inputs, targets)
    assert relative_error(gradient, central_differences(network, inputs, targets)) < 1e-8


@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "mixed"])
def test_pytorch_has_the_same_loss_and_gradients(activation: str, depth: int, loss: str) -> None:
    network = network_of(mixed() if activation == "mixed" else stack(activation, depth), loss, "float64")
    inputs, targets = data_for(network, EXAMPLES)
    comp, gradient = loss_and_gradient(network, inputs, targets)
    twin = PytorchTwin(network)
    ref = twin.loss(inputs, targets)
    ref.backward()
    assert comp == pytest.approx(ref.item(), rel=LARGEST_ERROR)
    assert relative_error(gradient, twin.flat_gradient) < LARGEST_ERROR


@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ["tanh", "maxout2"])
def test_pytorch_trains_to_the_same_parameters(activation: str, optimizer: str, loss: str) -> None:
    network, batch, steps = network_of(stack(activation, 5), loss, "float64"), 3, 5
    inputs, targets = data_for(network, batch * steps)
    twin = PytorchTwin(network)
    train_in_order(network, optimizer, network.examples(inputs, targets), batch)
    rule = pytorch_optimizer(twin.torch, optimizer, twin.parameters)
    for start in range(0, batch * steps, batch):
        rule.zero_grad()
        twin.loss(inputs[start : start + batch], targets[start : start + batch]).backward()
        rule.step()
    assert relative_error(network.parameters, twin.flat_parameters) < LARGEST_ERROR


def train_in_order(network: Network, optimizer: str, examples: Any, batch: int) -> None:
    order = np.arange(len(examples.inputs))
    rates = np.full(order.size // batch, OPTIMIZERS[optimizer][0])
    rule, control = optimizer_of(network, optimizer, rates), np.zeros(2, np.int64)
    call = (network.model, network.workspace(batch), examples, order, network.objective)
    entry_points.train_epoch(*call, rule, draw_of(), batch, control)
