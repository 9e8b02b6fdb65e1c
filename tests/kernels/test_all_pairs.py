"""Every activation with every loss, normalisation, connection and dtype, against PyTorch: nothing excludes another."""

from __future__ import annotations

import itertools

import agreement
import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from kernel_cases import JIT, data_for, score_of
from loss_cases import LOSSES
from measuring import loss_and_gradient, relative_error
from pytorch_twin import CONNECTIONS, PytorchTwin, parts

from nnlab import registry
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.network import Network

NORMALISATIONS = {
    "none": None,
    "batch": Piece("batch", {"epsilon": 1e-3, "momentum": 0.1}),
    "layer": Piece("layer", {"epsilon": 1e-3}),
}
SETTINGS = {"residual": {"every": 2, "join": "after"}, "highway": {"bias": -1.0}}
LARGEST_ERROR = {"float64": 1e-10, "float32": 2e-3}
EXAMPLES, INPUTS, WIDTH, OUTPUTS, DEPTH = 7, 5, 4, 3, 3

pytestmark = pytest.mark.skipif(not JIT, reason="thousands of networks: without compilation the other tests do")


def test_all_pieces_are_paired() -> None:
    assert {piece.name for piece in ACTIVATIONS.values()} == set(registry.pieces("nnlab.kernels.activation"))
    assert {piece.name for piece in LOSSES.values()} == set(registry.pieces("nnlab.kernels.loss"))
    assert set(NORMALISATIONS) - {"none"} == set(registry.pieces("nnlab.kernels.normalisation"))
    assert set(CONNECTIONS) == set(registry.pieces("nnlab.connection"))


def networks(activation: str, loss: str, normalisation: str, connection: str) -> dict[str, Network]:
    """Return the same network with the same random parameters in both dtypes."""
    hidden = Dense(WIDTH, ACTIVATIONS[activation], normalisation=NORMALISATIONS[normalisation])
    joined = Piece(connection, SETTINGS.get(connection, {}))
    architecture = Architecture(INPUTS, (*[hidden] * DEPTH, Dense(OUTPUTS)), LOSSES[loss], score_of(loss), joined)
    made = {dtype: Network(architecture, dtype) for dtype in LARGEST_ERROR}
    size = made["float64"].parameters.size
    numbers = np.random.default_rng(size).normal(0, 0.5, size)
    for network in made.values():
        network.parameters += numbers  # around where gains and slopes start
    return made


@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_loss_and_gradients_are_those_of_pytorch(normalisation: str, connection: str) -> None:
    for activation, loss in itertools.product(ACTIVATIONS, LOSSES):
        made = networks(activation, loss, normalisation, connection)
        inputs, targets = data_for(made["float64"], EXAMPLES)
        twin = PytorchTwin(made["float64"], training=True)
        ref = twin.loss(inputs, targets)
        ref.backward()
        ref_gradient = twin.flat_gradient
        for dtype, network in made.items():
            loss_of_batch, gradient = loss_and_gradient(network, inputs, targets, "training")
            comp = np.concatenate([part.ravel() for kind in parts(network, gradient) for part in kind])
            name = f"{activation}, {loss}, {normalisation}, {connection}, {dtype}"
            error = max(
                abs(loss_of_batch - ref.item()) / ref.item(),
                relative_error(comp, ref_gradient),
            )
            assert error < LARGEST_ERROR[dtype], f"{name}: {error}"
            if dtype == "float64":
                names = {"activation": ACTIVATIONS[activation].name, "loss": loss}
                agreement.note(error, **names, normalisation=normalisation, connection=connection)
