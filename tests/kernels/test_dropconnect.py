"""Dropped weights: a network with masked weights does the same."""

from __future__ import annotations

from typing import Any

import naive
import numpy as np
import pytest
from joined_cases import joined, outputs_of
from kernel_cases import DTYPES, JIT, KEY, data_for, draw_of
from measuring import loss_and_gradient, relative_error

from nnlab.architecture import Dense
from nnlab.errors import ConfigurationError
from nnlab.kernels.operation import dropconnect

STREAM = 3 * 2**24


def mask_of(layer: int, shape: tuple[int, int]) -> np.ndarray:
    """Return the factors of a layer's weights in the mode "with noise"."""
    flat = naive.bernoulli(shape[0] * shape[1], 0.7, 1 / 0.7, KEY, (5, 2, layer + STREAM))
    return np.reshape(flat, shape)


def dropconnected(rate: float = 0.3, dtype: str = "float64") -> Any:
    layers = [Dense(width, dropconnect=rate) for width in (6, 3)]
    return joined(layers, inputs=4, dtype=dtype, outputs=Dense(2, dropconnect=rate))


@pytest.mark.parametrize("dtype", DTYPES)
def test_dropconnect_is_a_network_of_masked_weights(dtype: str) -> None:
    network, masked = dropconnected(dtype=dtype), joined([Dense(6), Dense(3)], inputs=4, outputs=Dense(2))
    network.weights[0][1, 2] = 0  # no special case
    masked.parameters[:] = network.parameters
    masks = [mask_of(layer, weights.shape) for layer, weights in enumerate(masked.weights)]
    for weights, mask in zip(masked.weights, masks, strict=True):
        np.multiply(weights, mask, out=weights)
    inputs, targets = data_for(network, 7)
    comp, gradient = loss_and_gradient(network, inputs, targets, "with noise")
    ref, ref_gradient = loss_and_gradient(masked, inputs, targets)
    for part, mask in zip(masked._weights_of(ref_gradient), masks, strict=True):
        np.multiply(part, mask, out=part)
    assert comp == pytest.approx(ref, rel=1e-5 if dtype == "float32" else 1e-12)
    assert relative_error(gradient, ref_gradient) < (1e-5 if dtype == "float32" else 1e-12)
    assert network._weights_of(gradient)[0][1, 2] != 0 or masks[0][1, 2] == 0


def test_dropconnect_off_is_an_affine_layer() -> None:
    network, plain = dropconnected(), joined([Dense(6), Dense(3)], inputs=4, outputs=Dense(2))
    inputs, targets = data_for(network, 7)
    for mode in ("training", "evaluation"):
        comp, ref = (loss_and_gradient(each, inputs, targets, mode) for each in (network, plain))
        assert comp[0] == ref[0]
        np.testing.assert_array_equal(comp[1], ref[1])


def test_dropconnect_keeps_the_mean_of_the_pre_activations() -> None:
    network = joined([], inputs=4, outputs=Dense(3, dropconnect=0.3))
    inputs, steps = data_for(network, 2)[0], 20_000 if JIT else 500
    drawn = [outputs_of(network, inputs, draw_of(step=step)) for step in range(steps)]
    error = np.std(drawn, axis=0) / np.sqrt(steps)
    assert np.all(np.abs(np.mean(drawn, axis=0) - network.predict(inputs)) < 5 * error)


@pytest.mark.parametrize("rate", [1, -0.1, "half"])
def test_bad_rates_are_refused(rate: Any) -> None:
    with pytest.raises(ConfigurationError, match="dropconnect"):
        dropconnect.PARAMETERS["rate"].check("dropconnect", rate)
