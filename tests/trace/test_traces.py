"""Traces against hand calculations and slow references: values, local derivatives, gradients and updates."""

from __future__ import annotations

import math
from dataclasses import replace

import naive
import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from loss_cases import LOSSES
from optimizer_cases import OPTIMIZERS
from tiny_networks import layers_of, naive_layers, naive_pass, settings_of

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.trace.building import graph_of
from nnlab.trace.derivatives import unflattened
from nnlab.trace.graph import DATA, PARAMETER
from nnlab.trace.layer import Layer
from nnlab.trace.names import Names
from nnlab.trace.traced import trace_of, traced

EXACT = 1e-12


def names_in_order(names: Names) -> list[str]:
    """Return the names of all parameters in the order of the references."""
    ordered: list[str] = []
    for number, layer in enumerate(names.layers):
        ordered += [names.weight(number, row, column) for row, column in np.ndindex(layer.weights.shape)]
    for number in range(len(names.layers)):
        ordered += [*names.biases(number), *names.learned(number)]
    return ordered


def test_one_neuron_is_traced_as_by_hand() -> None:
    """y_hat = 3, loss 4, and so on: the article's own numbers, and those of its second example."""
    first, second = traced().updates
    values = [[u.graphs[0].node(name).value for name in ("m", "y_hat", "loss")] for u in (first, second)]
    assert values == [pytest.approx([2, 3, 4], abs=EXACT), pytest.approx([-0.2, 0.4, 29.16], abs=EXACT)]
    gradients = [[u.graphs[0].node(name).gradient for name in ("y_hat", "b", "m", "w")] for u in (first, second)]
    assert gradients == [pytest.approx([4, 4, 4, 8]), pytest.approx([10.8, 10.8, 10.8, -10.8])]
    assert [move.name for move in first.moves] == ["b", "w"]
    assert [move.new for move in (*first.moves, *second.moves)] == pytest.approx([0.6, 0.2, -0.48, 1.28])
    predictions = [float(move.predictions[0]) for move in (*first.moves, *second.moves)]
    assert predictions == pytest.approx([2.6, 1.0, -0.68, -1.76])
    locals_ = {(edge.source, edge.target): edge.local for edge in first.graphs[0].edges if edge.source != "y"}
    assert locals_ == {
        ("w", "m"): 2,
        ("x", "m"): 1,
        ("m", "y_hat"): 1,
        ("b", "y_hat"): 1,
        ("y_hat", "loss"): 4,
    }


@pytest.mark.parametrize("activation", ["relu", "prelu", "maxout3"])
def test_the_networks_to_trace_have_units_of_both_signs(activation: str) -> None:
    settings = settings_of(layers_of(activation), examples=8)
    z = settings.inputs @ settings.layers[0].weights + settings.layers[0].biases
    assert ((z > 0).any(axis=0) & (z < 0).any(axis=0)).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_values_and_gradients_are_those_of_the_reference(activation: str) -> None:
    settings = settings_of(layers_of(activation))
    layers, names, x, y = settings.layers, Names(settings.layers, settings.loss), settings.inputs, settings.targets
    for row in range(len(x)):
        graph = graph_of(layers, settings.loss, x[row], y[row])
        seen, loss, gradient = naive_pass(layers, settings.loss, x[[row]], y[[row]])
        for number, trace in enumerate(seen):
            assert [graph.node(n).value for n in names.sums(number)] == pytest.approx(trace.z[0])
            assert [graph.node(n).value for n in names.outputs(number)] == pytest.approx(trace.activations[0])
        assert graph.node("loss").value == pytest.approx(loss)
        found = [graph.node(name) for name in names_in_order(names)]
        assert [node.value for node in found] == naive.flat_parameters(naive_layers(layers))
        assert [node.gradient for node in found] == pytest.approx(gradient, rel=1e-9, abs=EXACT)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_local_derivatives_of_activations_are_those_of_the_reference(activation: str) -> None:
    settings = settings_of(layers_of(activation), examples=8)
    hidden, names = settings.layers[0], Names(settings.layers, settings.loss)
    own = naive_layers([hidden])[0]
    for example in zip(settings.inputs, settings.targets, strict=True):
        graph = graph_of(settings.layers, settings.loss, *example)
        z = [graph.node(name).value for name in names.sums(0)]
        for unit, target in enumerate([] if hidden.is_linear else names.outputs(0)):
            one = [float(place == unit) for place in range(hidden.units)]
            dz, learned = naive.d_activation(own.activation, own.settings, z, own.learned, one)
            ref = dict(zip([*names.sums(0), *names.learned(0)], [*dz, *learned], strict=True))
            comp = {edge.source: edge.local for edge in graph.edges if edge.target == target}
            assert comp == pytest.approx({name: ref[name] for name in comp}, rel=1e-9, abs=EXACT)
            assert all(derivative == 0 for name, derivative in ref.items() if name not in comp)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_and_its_local_derivatives_are_those_of_the_reference(loss: str) -> None:
    settings = settings_of(layers_of("tanh"), loss)
    graph = graph_of(settings.layers, settings.loss, settings.inputs[1], settings.targets[1])
    names = Names(settings.layers, settings.loss)
    outputs = [graph.node(name).value for name in names.outputs(1)]
    ref, slopes = naive.LOSSES[loss]([outputs], [settings.targets[1].tolist()], **settings.loss.settings)
    assert graph.node("loss").value == pytest.approx(ref)
    comp = [edge.local for edge in graph.edges if edge.target == "loss" and edge.source in names.outputs(1)]
    assert comp == pytest.approx(slopes[0], rel=1e-9, abs=EXACT)


@pytest.mark.parametrize("activation", ["relu", "prelu", "prelu_per_unit", "softmax", "maxout3", "linear"])
def test_each_gradient_is_what_comes_back_times_local_derivatives(activation: str) -> None:
    layers = (*layers_of(activation)[:1], *layers_of("tanh", 1)[1:], *layers_of("tanh", 2)[1:])
    settings = settings_of(layers, examples=8)
    for example in zip(settings.inputs, settings.targets, strict=True):
        graph = graph_of(settings.layers, settings.loss, *example)
        for node in graph.nodes:
            terms = [graph.node(edge.target).gradient * edge.local for edge in graph.uses(node.name)]
            if node.kind == DATA:
                assert math.isnan(node.gradient)
            elif terms:
                assert node.gradient == pytest.approx(sum(terms), rel=1e-9, abs=EXACT), node.name
            else:
                assert (node.name, node.gradient) == ("loss", 1.0)


def test_a_factor_is_the_node_whose_value_the_local_derivative_is() -> None:
    settings = settings_of(layers_of("maxout2"))
    graph = graph_of(settings.layers, settings.loss, settings.inputs[0], settings.targets[0])
    factors = [edge for edge in graph.edges if edge.factor]
    assert len(factors) == 2 * sum(layer.weights.size for layer in settings.layers)
    for edge in factors:
        assert edge.local == graph.node(edge.factor).value


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_updates_are_those_of_the_reference(optimizer: str) -> None:
    numbers = OPTIMIZERS[optimizer]
    keys = registry.piece("nnlab.kernels.optimizer", optimizer).PARAMETERS
    piece = Piece(optimizer, dict(zip(keys, numbers, strict=True)))
    settings = settings_of(layers_of("prelu"), optimizer=piece, updates=7)
    trace, layers = trace_of(replace(settings, graphs=7)), settings.layers
    parameters = naive.flat_parameters(naive_layers(layers))
    state: list[list[float]] = [[0.0] * 3 for _ in parameters]
    for update in trace.updates:
        own = unflattened(np.array(parameters), layers)
        row = (update.number - 1) % 3
        gradient = naive_pass(own, settings.loss, settings.inputs[[row]], settings.targets[[row]])[2]
        for i, (w, g) in enumerate(zip(parameters, gradient, strict=True)):
            parameters[i], state[i] = naive.OPTIMIZERS[optimizer](w, g, state[i], numbers[0], update.number, numbers)
        new = {move.name: move.new for move in update.moves}
        names = names_in_order(trace.names)
        assert [new[name] for name in names] == pytest.approx(parameters, rel=1e-9)
        assert [update.parameter(name).gradient for name in names] == pytest.approx(gradient, rel=1e-9, abs=EXACT)


def test_an_update_of_several_examples_takes_the_mean_of_their_gradients() -> None:
    settings = settings_of(layers_of("sigmoid"), examples=5, batch_size=2, updates=4)
    trace = trace_of(settings)
    assert [update.rows.tolist() for update in trace.updates] == [[0, 1], [2, 3], [4], [0, 1]]
    for update in trace.updates:
        assert update.loss == pytest.approx(np.mean([graph.node("loss").value for graph in update.graphs]))
        for move in update.moves:
            assert move.gradient == pytest.approx(np.mean([graph.node(move.name).gradient for graph in update.graphs]))


def test_each_update_begins_where_the_one_before_ended() -> None:
    trace = trace_of(settings_of(layers_of("gelu"), examples=2, updates=4, graphs=4))
    for before, after in zip(trace.updates, trace.updates[1:], strict=False):
        assert {move.name: move.new for move in before.moves} == {move.name: move.old for move in after.moves}
        assert {n.name for n in after.graphs[0].nodes if n.kind == PARAMETER} == {move.name for move in after.moves}
    for update in trace.updates:
        assert update.moves[-1].loss == update.loss_after
        assert update.moves[-1].predictions.tolist() == update.predictions_after[0].tolist()
        assert update.predictions[0].tolist() == [update.graphs[0].node(f"y_hat[{k}]").value for k in (1, 2)]


def test_graphs_are_worked_out_for_the_first_updates_only() -> None:
    trace = trace_of(settings_of(layers_of("relu"), updates=3, graphs=1))
    assert [len(update.graphs) for update in trace.updates] == [1, 0, 0]
    assert [len(update.moves) for update in trace.updates] == [6 + 2 + 4 + 2, 0, 0]


def test_a_trace_ends_where_the_loss_is_no_longer_finite() -> None:
    sgd = Piece("sgd", {"learning_rate": 1e60})
    trace = trace_of(settings_of(layers_of("linear"), optimizer=sgd, updates=50, graphs=1))
    assert trace.diverged
    assert 1 < len(trace.updates) < 50
    assert not trace_of(settings_of(layers_of("linear"))).diverged


def test_the_linear_layer_shrinks_its_error_by_the_same_factor_at_each_update() -> None:
    updates = traced(["trace=linear_layer"]).updates
    errors = [update.predictions[0, 0] - 1 for update in updates] + [updates[-1].predictions_after[0, 0] - 1]
    assert f"{updates[0].predictions[0, 0]:.8f}" == "3.35507743"
    assert errors == pytest.approx([2.35507743 * 0.97**n for n in range(201)], rel=1e-9)


def test_names_have_numbers_only_where_there_are_several() -> None:
    one = Names((Layer.of(np.eye(1), np.zeros(1)),), Piece("huber"))
    assert (one.inputs(0), one.weight(0, 0, 0), one.outputs(0), one.targets) == (["x"], "w", ["y_hat"], ["y"])
    several = Names(layers_of("maxout2"), Piece("softmax_cross_entropy"))
    assert several.weight(0, 2, 3) == "w1[3,4]"
    assert several.weight(1, 0, 1) == "w2[1,2]"
    assert several.outputs(1) == ["logit[1]", "logit[2]"]  # probabilities are made of these by the loss
    assert len(set(names_in_order(Names(layers_of("prelu_per_unit"), Piece("huber"))))) == 3 * 2 + 2 + 2 + 4 + 2
