"""The same network in PyTorch: an independent implementation, with gradients of its own.

It is built from the architecture alone, layer by layer as the articles describe them, and takes from the network only
the values of its parameters. Noise is off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import activation_cases
import loss_cases
import numpy as np
import pytest

from nnlab.architecture import Dense
from nnlab.network import Network
from nnlab.plan import Operation


def parts(network: Network, numbers: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Cut a flat vector of parameters or gradients into weights, biases with what else activations learn, and gains."""
    rows = list(zip(network.operations, network.plan.operations, strict=True))

    def vectors(chosen: Callable[[Operation], bool]) -> list[np.ndarray]:
        return [numbers[row.vector :][: each.shape.vector] for row, each in rows if chosen(each)]

    gains = vectors(lambda each: each.kind == "normalisation")
    return network._weights_of(numbers), vectors(lambda each: each.has_biases), gains


class PytorchTwin:
    """The same network in PyTorch, in float64, on inputs and targets that are scaled already."""

    def __init__(self, network: Network, *, training: bool = False) -> None:
        self.torch = pytest.importorskip("torch")
        self.architecture, self.scaling, self.training = network.architecture, network.scaling, training
        self._parts = [[self._parameter(part) for part in kind] for kind in parts(network, network.parameters)]
        self.parameters = [parameter for kind in self._parts for parameter in kind]
        self.running = [self._running_start(gain) for gain in self._parts[2]]

    def _parameter(self, values: np.ndarray) -> Any:
        return self.torch.tensor(values.copy(), requires_grad=True)

    def _running_start(self, gain: Any) -> tuple[Any, Any]:
        """Return the running mean and the running variance of a normalisation that has seen no batch."""
        return self.torch.zeros_like(gain, requires_grad=False), self.torch.ones_like(gain, requires_grad=False)

    def outputs(self, inputs: np.ndarray) -> Any:
        a = self.torch.tensor((inputs - self.scaling.input_shift) * self.scaling.input_scale)
        self.weights, self.biases, self._gains, self._running = (iter(each) for each in (*self._parts, self.running))
        first, *others = self.architecture.layers
        a = self._disturbed(first, a)
        *hidden, last = [replace(first, noise=()), *others]
        name, settings = self.architecture.connection
        return self.dense(last, CONNECTIONS[name](self, hidden, a, **settings))

    def dense(self, layer: Dense, x: Any, past: Any = 0.0) -> Any:
        """Return activation(normalisation(x W) + past + bias)."""
        x = self._disturbed(layer, x)
        z, vector = self._normalised(layer, x @ next(self.weights)) + past, next(self.biases)
        learned = (vector[layer.width :],) if len(vector) > layer.width else ()
        name, settings = layer.activation
        return activation_cases.PYTORCH[name](self.torch, z + vector[: layer.width], *learned, **settings)

    def _disturbed(self, layer: Dense, x: Any) -> Any:
        for noise in layer.noise:
            x = x * (1 - noise.settings["rate"]) if noise.settings.get("scaling") == "weights" else x
        return x

    def _normalised(self, layer: Dense, z: Any) -> Any:
        functional = self.torch.nn.functional
        if layer.normalisation is None:
            return z
        name, settings = layer.normalisation
        gain, (mean, variance) = next(self._gains), next(self._running)
        if name == "layer":
            return functional.layer_norm(z, gain.shape, gain, eps=settings["epsilon"])
        after = {"momentum": settings["momentum"], "eps": settings["epsilon"]}
        return functional.batch_norm(z, mean, variance, gain, training=self.training, **after)

    def loss(self, inputs: np.ndarray, targets: np.ndarray) -> Any:
        t = self.torch.tensor((targets - self.scaling.target_shift) * self.scaling.target_scale)
        loss = self.architecture.loss
        return loss_cases.PYTORCH[loss.name](self.torch, self.outputs(inputs), t, **loss.settings)

    @property
    def flat_gradient(self) -> np.ndarray:
        """What a backward pass has left, in the order of `parts`."""
        return np.concatenate([p.grad.numpy().ravel() for p in self.parameters])

    @property
    def flat_parameters(self) -> np.ndarray:
        return np.concatenate([p.detach().numpy().ravel() for p in self.parameters])


def _plain(twin: PytorchTwin, layers: list[Dense], x: Any) -> Any:
    for layer in layers:
        x = twin.dense(layer, x)
    return x


def _residual(twin: PytorchTwin, layers: list[Dense], x: Any, every: int, join: str) -> Any:
    while layers:
        size = every if x.shape[1] == layers[0].units else 1
        *inner, last = layers[:size]
        y = _plain(twin, inner, x)
        if x.shape[1] != layers[0].units:
            x = twin.dense(last, y)
        elif join == "before":
            x = twin.dense(last, y, past=x)
        else:
            x = twin.dense(last, y) + x
        layers = layers[size:]
    return x


def _highway(twin: PytorchTwin, layers: list[Dense], x: Any, bias: float) -> Any:
    for layer in layers:
        y = twin.dense(layer, x)
        if y.shape[1] == x.shape[1]:
            share = twin.torch.sigmoid(x @ next(twin.weights) + next(twin.biases))
            y = share * y + (1 - share) * x
        x = y
    return x


def _dense(twin: PytorchTwin, layers: list[Dense], x: Any) -> Any:
    for layer in layers:
        x = twin.torch.cat([x, twin.dense(layer, x)], dim=1)
    return x


# By the name of the piece: (twin, hidden layers, inputs, settings) -> what the output layer sees
CONNECTIONS: dict[str, Callable[..., Any]] = {
    "plain": _plain,
    "residual": _residual,
    "highway": _highway,
    "dense": _dense,
}
