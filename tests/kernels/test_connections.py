"""Connected layers against PyTorch and central differences, with every activation, normalisation and noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from joined_cases import CONNECTIONS, NOISES, NORMALISATIONS, joined
from kernel_cases import JIT, data_for
from loss_cases import LOSSES
from measuring import MODES, central_differences, loss_and_gradient, relative_error
from pytorch_twin import PytorchTwin, parts

from nnlab import registry
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.errors import ConfigurationError
from nnlab.kernels.structures import NOWHERE
from nnlab.network import Network
from nnlab.table import plan_of

EXAMPLES = 7 if JIT else 3
LARGEST_ERROR = 1e-10


def test_all_connections_are_tested() -> None:
    assert {piece.name for piece in CONNECTIONS.values()} == set(registry.pieces("nnlab.connection"))


def alike(activation: str, normalisation: str = "none", units: int = 4, count: int = 4) -> list[Dense]:
    return [Dense(units, ACTIVATIONS[activation], normalisation=NORMALISATIONS[normalisation])] * count


def check_against_pytorch(network: Network, mode: str) -> None:
    inputs, targets = data_for(network, EXAMPLES)
    twin = PytorchTwin(network, training=mode == "training")
    comp, gradient = loss_and_gradient(network, inputs, targets, mode)
    ref = twin.loss(inputs, targets)
    ref.backward()
    assert comp == pytest.approx(ref.item(), rel=LARGEST_ERROR)
    comp_parts = [part.ravel() for kind in parts(network, gradient) for part in kind]
    ref_parts = [parameter.grad.numpy().ravel() for parameter in twin.parameters]
    assert relative_error(np.concatenate(comp_parts), np.concatenate(ref_parts)) < LARGEST_ERROR
    assert sum(part.size for part in comp_parts) == network.parameters.size, "every parameter was compared"


@pytest.mark.parametrize("mode", ["training", "evaluation"])
@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_pytorch_has_the_same_loss_and_gradients(
    activation: str, normalisation: str, connection: str, mode: str
) -> None:
    if ACTIVATIONS[activation].name == "maxout" and connection == "residual_before":
        pytest.skip("an error, see below")
    for inputs in (4, 6):  # the first layer keeps the width of the data, or not
        check_against_pytorch(joined(alike(activation, normalisation), connection, inputs), mode)


@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("widths", [(4, 4), (5, 6, 6, 6, 4, 4), (4, 4, 4, 3, 3, 3, 3), (3, 6, 4, 4)])
def test_pytorch_agrees_for_any_widths(widths: tuple[int, ...], connection: str) -> None:
    inputs, *units = widths
    layers = [Dense(width, ACTIVATIONS["tanh"], normalisation=NORMALISATIONS["batch"]) for width in units]
    check_against_pytorch(joined(layers, connection, inputs), "training")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_central_differences_with_everything_on(normalisation: str, connection: str, mode: str) -> None:
    noise = (NOISES["gaussian_noise"], NOISES["inverted"])
    layers = [replace(layer, noise=noise, dropconnect=0.2) for layer in alike("tanh", normalisation, count=3)]
    network = joined(layers, connection, inputs=4, outputs=Dense(2, noise=noise, dropconnect=0.2))
    inputs, targets = data_for(network, EXAMPLES)
    _, gradient = loss_and_gradient(network, inputs, targets, mode)
    assert relative_error(gradient, central_differences(network, inputs, targets, mode)) < 1e-8


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_float32_agrees_with_float64(connection: str) -> None:
    networks = [joined(alike("tanh", "batch"), connection, 4, dtype) for dtype in ("float64", "float32")]
    inputs, targets = data_for(networks[0], EXAMPLES)
    wide, narrow = (loss_and_gradient(network, inputs, targets, "training") for network in networks)
    assert narrow[1].dtype == np.float32
    assert narrow[0] == pytest.approx(wide[0], rel=1e-5)
    assert relative_error(narrow[1], wide[1]) < 1e-5


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_nan_among_the_inputs_gives_a_nan_loss(connection: str) -> None:
    network = joined(alike("relu"), connection, 4)
    inputs, targets = data_for(network, EXAMPLES)
    inputs[2, 1] = np.nan
    assert np.isnan(loss_and_gradient(network, inputs, targets)[0])


@pytest.mark.parametrize("join", ["before", "after"])
def test_a_residual_network_without_weights_passes_its_inputs_on(join: str) -> None:
    network = joined(alike("relu"), f"residual_{join}", 4, outputs=Dense(4))
    network.parameters[:] = 0
    network.weights[-1][:] = np.eye(4)
    inputs = np.abs(data_for(network, EXAMPLES)[0])
    np.testing.assert_array_equal(network.predict(inputs), inputs)


def test_a_highway_of_closed_gates_passes_its_inputs_on_and_one_of_open_gates_is_plain() -> None:
    network, plain = joined(alike("tanh"), "highway", 4), joined(alike("tanh"), "plain", 4)
    inputs, _ = data_for(network, EXAMPLES)
    for kind in ("weights", "biases"):
        for own, other in zip(getattr(network, kind)[::2], getattr(plain, kind), strict=True):
            own[:] = other  # every second is a gate's
    for gate in network.biases[1::2]:
        gate[:] = 100
    np.testing.assert_allclose(network.predict(inputs), plain.predict(inputs), rtol=1e-12)
    for gate in network.biases[1::2]:
        gate[:] = -100
    passed = inputs @ network.weights[-1] + network.biases[-1]
    np.testing.assert_allclose(network.predict(inputs), passed, rtol=1e-12)


def test_the_biases_of_gates_start_as_set() -> None:
    connection = Piece("highway", {"bias": -3.5})
    layers = (Dense(4), Dense(4), Dense(2))
    network = Network(Architecture(4, layers, LOSSES["mean_squared_error"], connection=connection))
    assert [set(biases) for biases in network.biases] == [{0.0}, {-3.5}, {0.0}, {-3.5}, {0.0}]
    assert len(network.weights) == len(network.biases)


def test_dense_layers_see_everything_before_them() -> None:
    network = joined(alike("tanh", units=4, count=3), "dense", 5)
    assert [weights.shape for weights in network.weights] == [(5, 4), (9, 4), (13, 4), (17, 3)]


def blocks(widths: list[int], every: int) -> list[tuple[int, int]]:
    """Return the layers, from 0, after which a residual network of 6 inputs forks and joins."""
    connection = Piece("residual", {"every": every, "join": "after"})
    layers = (*(Dense(width) for width in widths), Dense(2))
    plan = plan_of(Architecture(6, layers, LOSSES["mean_squared_error"], connection=connection))
    fork, add = (registry.piece("nnlab.kernels.operation", name) for name in ("fork", "add"))
    forks, joins = ([each.layer for each in plan.operations if each.piece is piece] for piece in (fork, add))
    return list(zip(forks, joins, strict=True))


def test_residual_blocks_begin_where_the_width_is_kept() -> None:
    assert blocks([4, 4, 4, 4, 4], 2) == [(0, 2), (2, 4)]
    assert blocks([4, 4, 4, 4], 2) == [(0, 2), (2, 3)], "what is left over forms a shorter block"
    assert blocks([4, 4, 4, 3, 3, 3], 2) == [(0, 2), (3, 5)], "a layer that changes the width stands between blocks"
    assert blocks([4, 4, 4], 1) == [(0, 1), (1, 2)]


@pytest.mark.parametrize("connection", ["residual_before", "residual_after", "highway"])
@pytest.mark.parametrize("widths", [(4,), (4, 3), (3, 6, 4)])
def test_a_connection_that_would_change_nothing_is_refused(widths: tuple[int, ...], connection: str) -> None:
    with pytest.raises(ConfigurationError, match="the widths are " + ", ".join(map(str, widths))):
        joined([Dense(width) for width in widths[1:]], connection, widths[0])


def test_no_two_places_share_deltas() -> None:
    for connection in CONNECTIONS:
        plan = joined(alike("tanh", count=5), connection, 4).plan
        places = {
            (place.delta, place.width)
            for operation in plan.operations
            for place in (operation.source, operation.target, *operation.joined.values())
            if place.delta != NOWHERE
        }
        ends = [0]
        for first, width in sorted(places):
            assert first == ends[-1]
            ends.append(first + width)
        assert ends[-1] == plan.deltas


def test_nobody_asks_for_the_delta_of_the_data() -> None:
    for connection in CONNECTIONS:
        layers = [replace(layer, noise=(NOISES["gaussian_noise"], NOISES["inverted"])) for layer in alike("tanh")]
        network = joined(layers, connection, 4)
        pairs = list(zip(network.operations, network.plan.operations, strict=True))
        assert all(row.source_delta == NOWHERE for row, _ in pairs if row.source == 0)
        first = next(row for row, each in pairs if each.shape.weights)
        assert first.source_delta == NOWHERE, "nor for that of the data with noise"
        assert network.operations[-1].source_delta != NOWHERE


@pytest.mark.parametrize(
    ("layers", "join", "message"),
    [
        (
            [Dense(4), Dense(4), Dense(5)],
            "before",
            "hidden layer 3 has 5 units, inside a block of layers that all must",
        ),
        ([Dense(4), Dense(4), Dense(4, ACTIVATIONS["maxout2"])], "before", "8 pre-activations.*connection.join=after"),
    ],
)
def test_what_cannot_be_added_is_refused(layers: list[Dense], join: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as error:
        joined(layers, f"residual_{join}", 6)
    assert "\n" not in str(error.value)
