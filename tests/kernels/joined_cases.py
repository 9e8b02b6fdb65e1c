"""What tests of normalisations, noises and connections share: networks of any architecture, and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from kernel_cases import KEY, score_of
from loss_cases import LOSSES

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Workspace
from nnlab.network import Network

NORMALISATIONS: dict[str, Piece | None] = {
    "none": None,
    "batch": Piece("batch", {"epsilon": 1e-5, "momentum": 0.1}),
    "layer": Piece("layer", {"epsilon": 1e-5}),
}
CONNECTIONS: dict[str, Piece] = {
    "plain": Piece("plain"),
    "residual_before": Piece("residual", {"every": 2, "join": "before"}),
    "residual_after": Piece("residual", {"every": 2, "join": "after"}),
    "highway": Piece("highway", {"bias": -2.0}),
    "dense": Piece("dense"),
}
NOISES: dict[str, Piece] = {
    "inverted": Piece("bernoulli", {"rate": 0.3, "scaling": "inverted"}),
    "weights": Piece("bernoulli", {"rate": 0.3, "scaling": "weights"}),
    "gaussian": Piece("gaussian", {"rate": 0.3}),
    "gaussian_noise": Piece("gaussian_noise", {"std": 0.4}),
}
MODES = {
    "training": Draw(True, False, 0, 0, 0, 0),
    "evaluation": Draw(False, False, 0, 0, 0, 0),
    "with noise": Draw(True, True, *KEY, 2, 5),
}


def joined(
    hidden: Sequence[Dense],
    connection: str = "plain",
    inputs: int = 5,
    dtype: str = "float64",
    outputs: Dense | None = None,
) -> Network:
    """Return a network with random parameters and random statistics."""
    layers, loss = (*hidden, outputs or Dense(3)), "mean_squared_error"
    network = Network(Architecture(inputs, layers, LOSSES[loss], score_of(loss), CONNECTIONS[connection]), dtype)
    rng = np.random.default_rng(3)
    for weights in network.weights:
        weights[:] = rng.normal(0, 1 / np.sqrt(len(weights)), weights.shape)
    rest = network.parameters[network.model.weights :]
    rest += rng.normal(0, 0.3, rest.size)
    return network


def workspace_after(network: Network, inputs: Any, targets: Any, draw: Draw) -> tuple[float, Workspace]:
    """Return the mean loss of one batch, and what forward and backward left behind."""
    workspace, chosen = network.workspace(len(inputs)), np.arange(len(inputs))
    call = (network.model, workspace, network.examples(inputs, targets), chosen, network.objective, draw)
    sums = entry_points.loss_and_gradients(*call)
    return sums.loss / sums.weight, workspace


def loss_and_gradient(
    network: Network, inputs: Any, targets: Any, mode: str = "evaluation"
) -> tuple[float, np.ndarray]:
    """Return the mean loss of one batch, and its gradient as one flat vector."""
    loss, workspace = workspace_after(network, inputs, targets, MODES[mode])
    return loss, workspace.gradients


def outputs_of(network: Network, inputs: Any, draw: Draw = MODES["training"]) -> np.ndarray:
    """Return the outputs for one batch in a mode that `Network.predict` never is in."""
    size, units = len(inputs), network.architecture.outputs
    _, workspace = workspace_after(network, inputs, np.zeros((size, units)), draw)
    start = network.operations[-1].target * size
    return workspace.values[start : start + units * size].reshape(size, units)


def central_differences(network: Network, inputs: Any, targets: Any, mode: str, step: float = 5e-5) -> np.ndarray:
    """Return the gradient as differences of losses, with an error of order step^4."""
    parameters, differences = network.parameters, np.empty_like(network.parameters)
    for i, value in enumerate(parameters.copy()):
        losses = []
        for steps in (-2, -1, 1, 2):
            parameters[i] = value + steps * step
            losses.append(loss_and_gradient(network, inputs, targets, mode)[0])
        parameters[i] = value
        differences[i] = np.dot([1, -8, 8, -1], losses) / (12 * step)
    return differences


def relative_error(comp: Any, ref: Any) -> float:
    return float(np.linalg.norm(np.subtract(comp, ref)) / np.linalg.norm(ref))
