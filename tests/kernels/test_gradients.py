"""Gradients in float64 against central differences, and losses, gradients and training against PyTorch."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from kernel_cases import (
    ACTIVATIONS,
    DEPTHS,
    LOSSES,
    OPTIMIZERS,
    data_for,
    mixed,
    network_of,
    optimizer_of,
    pytorch_optimizer,
    stack,
)

from nnlab.kernels import entry_points
from nnlab.network import NO_MASKS, Network

EXAMPLES = 7
STEP = 1e-5
LARGEST_ERROR = 1e-10


def relative_error(comp: Any, ref: Any) -> float:
    return float(np.linalg.norm(np.subtract(comp, ref)) / np.linalg.norm(ref))


def flat(gradients: Any) -> np.ndarray:
    return np.concatenate([part.ravel() for pair in zip(*gradients, strict=True) for part in pair])


def central_differences(network: Network, inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    differences = np.empty_like(network.parameters)
    for i, value in enumerate(network.parameters.copy()):
        network.parameters[i] = value + STEP
        above = network.loss_and_gradients(inputs, targets)[0]
        network.parameters[i] = value - STEP
        below = network.loss_and_gradients(inputs, targets)[0]
        network.parameters[i] = value
        differences[i] = (above - below) / (2 * STEP)
    return differences


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "mixed"])
def test_central_differences(activation: str, loss: str) -> None:
    layers = mixed() if activation == "mixed" else stack(activation, 2)
    network = network_of(layers, loss, "float64")
    inputs, targets = data_for(network, EXAMPLES)
    _, gradients = network.loss_and_gradients(inputs, targets)
    assert relative_error(flat(gradients), central_differences(network, inputs, targets)) < 1e-8


class PytorchTwin:
    """The same network in PyTorch, in float64, on inputs and targets that are scaled already."""

    def __init__(self, network: Network) -> None:
        self.torch = pytest.importorskip("torch")
        self.architecture, self.scaling = network.architecture, network.scaling
        pairs = zip(network.weights, network.biases, strict=True)
        self.parameters = [self._parameter(part) for pair in pairs for part in pair]

    def _parameter(self, values: np.ndarray) -> Any:
        return self.torch.tensor(values.copy(), requires_grad=True)

    def loss(self, inputs: np.ndarray, targets: np.ndarray) -> Any:
        s = self.scaling
        a = self.torch.tensor((inputs - s.input_shift) * s.input_scale)
        t = self.torch.tensor((targets - s.target_shift) * s.target_scale)
        for number, layer in enumerate(self.architecture.layers):
            a = self._activation(layer, a @ self.parameters[2 * number] + self.parameters[2 * number + 1])
        functional = self.torch.nn.functional
        return functional.cross_entropy(a, t) if self.architecture.classification else functional.mse_loss(a, t)

    def _activation(self, layer: Any, z: Any) -> Any:
        torch = self.torch
        functions = {
            "linear": lambda: z,
            "relu": lambda: torch.relu(z),
            "leaky_relu": lambda: torch.nn.functional.leaky_relu(z, layer.parameter),
            "sigmoid": lambda: torch.sigmoid(z),
            "tanh": lambda: torch.tanh(z),
            "maxout": lambda: z.reshape(len(z), layer.units, layer.pieces).max(dim=2).values,
        }
        return functions[layer.activation]()

    @property
    def flat_parameters(self) -> np.ndarray:
        return np.concatenate([p.detach().numpy().ravel() for p in self.parameters])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "mixed"])
def test_pytorch_has_the_same_loss_and_gradients(activation: str, depth: int, loss: str) -> None:
    network = network_of(mixed() if activation == "mixed" else stack(activation, depth), loss, "float64")
    inputs, targets = data_for(network, EXAMPLES)
    comp, gradients = network.loss_and_gradients(inputs, targets)
    twin = PytorchTwin(network)
    ref = twin.loss(inputs, targets)
    ref.backward()
    assert comp == pytest.approx(ref.item(), rel=LARGEST_ERROR)
    for part, parameter in zip(itertools.chain(*zip(*gradients, strict=True)), twin.parameters, strict=True):
        assert relative_error(part, parameter.grad.numpy()) < LARGEST_ERROR


@pytest.mark.parametrize("loss", LOSSES)
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
    call = (network.model, network.workspace(batch), examples, order, network.architecture.objective)
    entry_points.train_epoch(*call, rule, NO_MASKS, batch, control)
