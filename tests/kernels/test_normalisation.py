"""Normalisations against their references, and what batch normalisation remembers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joined_cases import NORMALISATIONS, joined, outputs_of
from kernel_cases import DTYPES, TOLERANCE, data_for, properties
from measuring import loss_and_gradient, relative_error
from naive import normalisation as naive
from pytorch_twin import PytorchTwin, parts

from nnlab import registry
from nnlab.architecture import Dense
from nnlab.errors import ConfigurationError
from nnlab.kernels.normalisation import batch as batch_piece
from nnlab.network import Network

REFERENCES: dict[str, tuple[Any, Any]] = {
    "batch": (naive.batch_normalised, naive.d_batch_normalised),
    "layer": (naive.layer_normalised, naive.d_layer_normalised),
}
EPSILON = 1e-5
SHAPES = [(2, 1), (7, 3), (5, 18), (33, 4)]  # examples, units


def test_all_normalisations_are_tested() -> None:
    assert set(REFERENCES) == set(registry.pieces("nnlab.kernels.normalisation")) == set(NORMALISATIONS) - {"none"}


def one_layer(name: str, units: int, dtype: str = "float64", gain: Any = None) -> Network:
    """Return a network whose outputs are its normalised inputs, times gains, plus biases."""
    network = joined([], inputs=units, dtype=dtype, outputs=Dense(units, normalisation=NORMALISATIONS[name]))
    network.weights[0][:] = np.eye(units)
    if gain is not None:
        parts(network, network.parameters)[2][0][:] = gain
    return network


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", REFERENCES)
def test_forward_and_backward(name: str, shape: tuple[int, int], dtype: str) -> None:
    rng = np.random.default_rng(1)
    inputs, gain = rng.normal(3, 2, shape).astype(dtype), rng.normal(1, 0.3, shape[1]).astype(dtype)
    network = one_layer(name, shape[1], dtype, gain)
    normalise, differentiate = REFERENCES[name]
    x_hat = np.array(normalise(inputs.astype(float).tolist(), EPSILON))
    ref = x_hat * gain.astype(float) + network.biases[0]
    np.testing.assert_allclose(outputs_of(network, inputs), ref, **TOLERANCE[dtype])

    targets = rng.normal(0, 1, shape).astype(dtype)
    _, gradient = loss_and_gradient(network, inputs, targets, "training")
    delta = 2 * (ref - targets) / ref.size
    weights, biases, gains = (kind[0] for kind in parts(network, gradient))
    np.testing.assert_allclose(gains, (delta * x_hat).sum(axis=0), **TOLERANCE[dtype])
    np.testing.assert_allclose(biases, delta.sum(axis=0), **TOLERANCE[dtype])
    d_inputs = np.array(differentiate(inputs.astype(float).tolist(), (delta * gain).tolist(), EPSILON))
    np.testing.assert_allclose(weights, inputs.T.astype(float) @ d_inputs, **TOLERANCE[dtype])


@properties
@given(st.integers(2, 40), st.integers(2, 12), st.floats(-1e3, 1e3), st.floats(0.1, 1e3), st.integers(0, 2**32))
def test_outputs_have_mean_0_and_variance_1(examples: int, units: int, shift: float, spread: float, seed: int) -> None:
    inputs = np.random.default_rng(seed).normal(shift, spread, (examples, units))
    for name, axis in (("batch", 0), ("layer", 1)):
        network = one_layer(name, units, gain=1.0)
        network.biases[0][:] = 0
        found, variance = outputs_of(network, inputs), inputs.var(axis=axis)
        np.testing.assert_allclose(found.mean(axis=axis), 0, atol=1e-9)
        np.testing.assert_allclose(found.var(axis=axis), variance / (variance + EPSILON), rtol=1e-9)


@pytest.mark.parametrize("name", REFERENCES)
def test_a_large_mean_takes_no_digits_from_the_variance(name: str) -> None:
    inputs = np.random.default_rng(2).normal(0, 1, (64, 64)).astype("float32")
    far = (inputs + np.float32(1000)).astype("float32")
    near = far.astype(float) - 1000
    network = one_layer(name, 64, "float32", gain=1.0)
    np.testing.assert_allclose(outputs_of(network, far), outputs_of(network, near), atol=2e-3)


@pytest.mark.parametrize("dtype", DTYPES)
def test_running_statistics_are_those_of_pytorch(dtype: str) -> None:
    network = joined([Dense(6, normalisation=NORMALISATIONS["batch"])] * 2, dtype=dtype)
    twin = PytorchTwin(joined([Dense(6, normalisation=NORMALISATIONS["batch"])] * 2), training=True)
    for examples in (5, 9, 3):
        inputs, targets = data_for(network, examples)
        loss_and_gradient(network, inputs, targets, "training")
        twin.loss(inputs.astype(float), targets.astype(float))
    for layer, ref in enumerate(twin.running):
        comp = network.statistics.reshape(2, 2, 6)[layer]
        np.testing.assert_allclose(comp, np.array([part.numpy() for part in ref]), **TOLERANCE[dtype])


def test_running_statistics_are_those_of_the_reference() -> None:
    network, rng = one_layer("batch", 2), np.random.default_rng(4)
    running = [[0.0, 0.0], [1.0, 1.0]]
    for examples in (4, 2):
        inputs = rng.normal(1, 2, (examples, 2))
        outputs_of(network, inputs)
        for unit, column in enumerate(inputs.T.tolist()):
            for row in (0, 1):
                running[row][unit] = naive.running(running[row][unit], column, 0.1, of_variance=row == 1)
    np.testing.assert_allclose(network.statistics.reshape(2, 2), running, rtol=1e-13)


def test_evaluation_uses_running_statistics_and_leaves_them() -> None:
    network, rng = one_layer("batch", 2, gain=1.0), np.random.default_rng(4)
    mean, variance = np.array([1.0, -2.0]), np.array([4.0, 0.5])
    network.statistics.reshape(2, 2)[:] = mean, variance
    inputs = rng.normal(0, 1, (5, 2))
    ref = (inputs - mean) / np.sqrt(variance + EPSILON) + network.biases[0]
    np.testing.assert_allclose(network.predict(inputs), ref, rtol=1e-12)
    np.testing.assert_array_equal(network.statistics.reshape(2, 2), [mean, variance])
    one_by_one = [network.predict(row[None])[0] for row in inputs]
    np.testing.assert_allclose(one_by_one, ref, rtol=1e-12)


def test_a_batch_of_one_example_gives_the_biases_and_no_variance() -> None:
    network = one_layer("batch", 3)
    inputs = np.array([[5.0, -1.0, 1e3]])
    np.testing.assert_array_equal(outputs_of(network, inputs), [network.biases[0]])
    _, gradient = loss_and_gradient(network, inputs, np.zeros((1, 3)), "training")
    weights, _, gains = (kind[0] for kind in parts(network, gradient))
    assert not weights.any()
    assert not gains.any()
    np.testing.assert_array_equal(network.statistics.reshape(2, 3)[1], 1)
    np.testing.assert_allclose(network.statistics.reshape(2, 3)[0], inputs[0] * (1 - 0.9**2), rtol=1e-12)


@pytest.mark.parametrize("name", REFERENCES)
def test_equal_inputs_give_the_biases(name: str) -> None:
    network = one_layer(name, 3, "float32")
    np.testing.assert_allclose(outputs_of(network, np.full((6, 3), 0.1)), np.tile(network.biases[0], (6, 1)), atol=1e-4)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("mode", ["training", "evaluation"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("name", REFERENCES)
@np.errstate(invalid="ignore")
def test_nan_and_infinity_give_a_nan_loss(name: str, bad: float, mode: str, dtype: str) -> None:
    network = one_layer(name, 4, dtype)
    inputs, targets = np.ones((5, 4)), np.zeros((5, 4))
    inputs[2, 1] = bad
    loss, gradient = loss_and_gradient(network, inputs, targets, mode)
    assert not np.isfinite(loss)
    assert np.isnan(gradient).any()


@pytest.mark.parametrize("name", REFERENCES)
def test_a_network_starts_with_gains_of_1_and_statistics_at_rest(name: str) -> None:
    network = one_layer(name, 3, gain=7.0)
    network.statistics[:] = 5
    network.start()
    np.testing.assert_array_equal(parts(network, network.parameters)[2][0], 1)
    if name == "batch":
        np.testing.assert_array_equal(network.statistics.reshape(2, 3), [[0] * 3, [1] * 3])


def test_normalisation_does_not_care_for_the_scale_of_weights() -> None:
    for name in REFERENCES:
        network = joined([Dense(6, normalisation=NORMALISATIONS[name])])
        inputs, targets = data_for(network, 20)
        inputs *= 1e3  # so that epsilon is nothing
        before = loss_and_gradient(network, inputs, targets, "training")[0]
        network.weights[0][:] *= 100
        assert relative_error(loss_and_gradient(network, inputs, targets, "training")[0], before) < 1e-6


@pytest.mark.parametrize(("key", "value"), [("epsilon", 0), ("epsilon", -1), ("momentum", 1.5), ("momentum", "x")])
def test_bad_settings_are_refused(key: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"normalisation.{key}"):
        batch_piece.PARAMETERS[key].check(f"normalisation.{key}", value)
