"""Forward and backward through whole networks against the references: dtype x activation x depth x batch."""

from __future__ import annotations

import naive
import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from kernel_cases import (
    DEPTHS,
    DTYPES,
    JIT,
    TOLERANCE,
    data_for,
    mixed,
    naive_layers,
    naive_training,
    network_of,
    stack,
)
from loss_cases import FEW_LOSSES, LOSSES
from measuring import loss_and_gradient
from naive.losses import LINKS

from nnlab.network import Network

BATCHES = (1, 7, 32) if JIT else (1, 7)
INPUTS = (1, 5)


def check_loss_and_gradients(network: Network, batch: int) -> None:
    inputs, targets = data_for(network, batch)
    comp, gradient = loss_and_gradient(network, inputs, targets)
    training = naive_training(network)
    masks = naive.evaluation_masks(training.layers, batch)
    ref, _, ref_gradient = training.measure(network.examples(inputs, targets), range(batch), masks)
    np.testing.assert_allclose(comp, ref / batch, **TOLERANCE[str(network.dtype)])
    np.testing.assert_allclose(gradient, ref_gradient, **TOLERANCE[str(network.dtype)])


def check_predictions(network: Network, examples: int) -> None:
    inputs, _ = data_for(network, examples)
    layers = naive_layers(network)
    scaling = network.scaling
    scaled = naive.scaled(inputs, range(examples), scaling.input_shift, scaling.input_scale)
    outputs = naive.forward(layers, scaled, naive.evaluation_masks(layers, examples))[-1].activations
    link = LINKS.get(network.architecture.loss.name, lambda row: row)
    ref = np.array([link(row) for row in outputs]) / network.scaling.target_scale + network.scaling.target_shift
    np.testing.assert_allclose(network.predict(inputs), ref, **TOLERANCE[str(network.dtype)])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_loss_and_gradients(activation: str, depth: int, batch: int, dtype: str) -> None:
    for loss in FEW_LOSSES:
        for inputs in INPUTS:
            check_loss_and_gradients(network_of(stack(activation, depth), loss, dtype, inputs), batch)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("dropout_scaling", ["inverted", "weights"])
@pytest.mark.parametrize("loss", LOSSES)
def test_mixed_activations_with_dropout_at_test(loss: str, dropout_scaling: str, dtype: str) -> None:
    network = network_of(mixed(0.4, dropout_scaling), loss, dtype)
    check_loss_and_gradients(network, 7)
    check_predictions(network, 7)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", LOSSES)
def test_predictions_of_more_examples_than_fit_at_once(loss: str, dtype: str) -> None:
    check_predictions(network_of(stack("maxout3", 2), loss, dtype), 300)


@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dead_inputs_and_units_are_no_special_case(activation: str, loss: str) -> None:
    network = network_of(stack(activation, 2), loss, "float64")
    network.weights[0][:, 0] = 0
    network.biases[0][0] = -1
    inputs, targets = np.zeros((4, 5)), data_for(network, 4)[1]
    comp, gradients = network.loss_and_gradients(inputs, targets)
    assert np.isfinite(comp)
    assert all(np.all(np.isfinite(part)) for parts in gradients for part in parts)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_nan_among_the_inputs_gives_a_nan_loss(activation: str, loss: str, dtype: str) -> None:
    network = network_of(stack(activation, 5), loss, dtype)
    inputs, targets = data_for(network, 7)
    inputs[3, 2] = np.nan
    assert np.isnan(network.loss_and_gradients(inputs, targets)[0])


@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_order_of_hidden_units_does_not_matter(activation: str, loss: str) -> None:
    network = network_of(stack(activation, 2), loss, "float64")
    inputs, _ = data_for(network, 7)
    before = network.predict(inputs)
    units, pieces = 7, network.architecture.layers[0].width // 7
    order = np.random.default_rng(5).permutation(units)
    columns = (order[:, None] * pieces + np.arange(pieces)).ravel()
    network.weights[0][:] = network.weights[0][:, columns]
    network.biases[0][:] = network.biases[0][columns]
    network.weights[1][:] = network.weights[1][order]
    np.testing.assert_allclose(network.predict(inputs), before, rtol=1e-12)
    assert not np.array_equal(order, np.arange(units))
