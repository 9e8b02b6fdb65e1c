"""The loss and the gradient of a network in any mode, by its kernels and by differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Workspace
from nnlab.network import Network

KEY = (0x12345678, 0x9ABCDEF0)
MODES = {
    "training": Draw(True, False, 0, 0, 0, 0),
    "evaluation": Draw(False, False, 0, 0, 0, 0),
    "with noise": Draw(True, True, *KEY, 2, 5),
}


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


def central_differences(
    network: Network, inputs: Any, targets: Any, mode: str = "evaluation", step: float = 5e-5
) -> np.ndarray:
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
    """Return |comp - ref| / |ref|; 0 where both are the same, zeros included."""
    difference = np.linalg.norm(np.subtract(comp, ref))
    return float(difference / np.linalg.norm(ref)) if difference != 0 else 0.0
