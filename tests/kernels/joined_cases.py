"""What tests of normalisations, noises and connections share: networks of any architecture, and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from kernel_cases import score_of
from loss_cases import LOSSES
from measuring import MODES, workspace_after

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.kernels.structures import Draw
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


def outputs_of(network: Network, inputs: Any, draw: Draw = MODES["training"]) -> np.ndarray:
    """Return the outputs for one batch in a mode that `Network.predict` never is in."""
    size, units = len(inputs), network.architecture.outputs
    _, workspace = workspace_after(network, inputs, np.zeros((size, units)), draw)
    start = network.operations[-1].target * size
    return workspace.values[start : start + units * size].reshape(size, units)
