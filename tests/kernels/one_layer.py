"""One layer whose weights are its pre-activations: what goes forward through an activation, and what comes back."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from activation_cases import PYTORCH, learned_numbers
from kernel_cases import ACTIVATIONS, silently

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.kernels.compilation import kernel
from nnlab.kernels.descent import write_gradients
from nnlab.kernels.passes import backward, forward
from nnlab.kernels.regions import copy, matrix, memory_of, start_of, target_delta
from nnlab.kernels.structures import Rows
from nnlab.network import NO_NOISE, Network


class Passed(NamedTuple):
    """What went forward and what came back."""

    a: np.ndarray  # (batch, units)
    dz: np.ndarray  # (batch, units * pieces)
    d_biases: np.ndarray  # (units * pieces,)
    d_learned: np.ndarray


@kernel
def there_and_back(model: Any, workspace: Any, inputs: Any, delta: Any, outputs: Any, draw: Any) -> None:
    memory, rows = memory_of(model, workspace, start_of(workspace.panel), 0), Rows(0, inputs.shape[0], inputs.shape[0])
    copy(inputs, matrix(memory.values, 0, rows.size, inputs.shape[1]))
    copy(forward(model.operations, memory, rows, draw), outputs)
    copy(delta, target_delta(model.operations[model.operations.size - 1], memory, rows))
    backward(model.operations, memory, rows, draw)
    for number in range(model.stretches.size):
        write_gradients(model.operations, memory, rows, model.stretches[number])


def layer_of(name: str, z: np.ndarray) -> Network:
    """Return one layer that takes the rows of the identity, so that its weights are its pre-activations."""
    activation = ACTIVATIONS[name]
    units = z.shape[1] // activation.settings.get("pieces", 1)
    architecture = Architecture(len(z), (Dense(units, activation),), Piece("mean_squared_error"))
    network = Network(architecture, z.dtype.name)
    network.weights[0][:] = z
    return network


@silently
def passed(network: Network, delta: np.ndarray) -> Passed:
    """Return what the network makes of its weights and of d loss / d activations."""
    workspace = network.workspace(len(delta))
    for leftover in (workspace.values, workspace.deltas, workspace.gradients):
        leftover[:] = np.nan
    outputs = np.full_like(delta, np.nan)
    there_and_back(network.model, workspace, np.eye(len(delta), dtype=delta.dtype), delta, outputs, NO_NOISE)
    gradient = workspace.gradients
    biases, learned = network.biases[0].size, learned_numbers(network, gradient)[0]
    weights = network.weights[0]
    d_biases = gradient[weights.size : weights.size + biases]
    return Passed(outputs, gradient[: weights.size].reshape(weights.shape), d_biases, learned)


def random_layer(name: str, shape: tuple[int, int], dtype: str) -> tuple[Network, np.ndarray]:
    """Return a layer with random biases and slopes, and random d loss / d activations (batch, units)."""
    rng = np.random.default_rng(1)
    z = rng.normal(0, 2.5, (shape[0], shape[1] * ACTIVATIONS[name].settings.get("pieces", 1))).astype(dtype)
    network = layer_of(name, z)
    network.biases[0][:] = rng.normal(0, 1, z.shape[1])
    network_learned = learned_numbers(network)[0]
    network_learned[:] = rng.normal(0, 0.5, network_learned.size)
    return network, rng.normal(0, 1, shape).astype(dtype)


def values_and_slopes(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a(z) and da/dz, (n,) each, of a layer of one unit."""
    both = passed(layer_of(name, z.reshape(-1, 1)), np.ones((len(z), 1), z.dtype))
    return both.a.ravel(), both.dz.ravel()


def pytorch_passed(network: Network, delta: np.ndarray) -> Passed:
    """Return what PyTorch makes of the same layer."""
    torch = pytest.importorskip("torch")
    learned = learned_numbers(network)[0]
    parts = [
        torch.tensor(part.astype(float), requires_grad=True)
        for part in (network.weights[0], network.biases[0], learned)
    ]
    name, settings = network.architecture.layers[0].activation
    a = PYTORCH[name](torch, parts[0] + parts[1], *parts[2:][: learned.size], **settings)
    a.backward(torch.tensor(delta.astype(float)))
    d_learned = np.zeros(0) if parts[2].grad is None else parts[2].grad.numpy()
    return Passed(a.detach().numpy(), parts[0].grad.numpy(), parts[1].grad.numpy(), d_learned)
