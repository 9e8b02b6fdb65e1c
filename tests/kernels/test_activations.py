"""Each activation, forward and backward, against its reference."""

from __future__ import annotations

import naive
import numpy as np
import pytest
from kernel_cases import ACTIVATIONS, DTYPES, JIT, TOLERANCE

from nnlab import registry

HUGE = 1e4 if JIT else 500.0  # Python refuses e^710, compiled code takes it for infinity
SHAPES = [(1, 1), (7, 3), (32, 5)]  # batch, units


def settings_of(name: str) -> tuple[str, int, float]:
    kind, settings = ACTIVATIONS[name]
    return kind, settings.get("pieces", 1), settings.get("slope", 0.0)


def test_all_activations_are_tested() -> None:
    assert {kind for kind, _ in ACTIVATIONS.values()} == set(registry.pieces("nnlab.kernels.activation"))


def forward(name: str, z: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what the kernel leaves in z and in a."""
    kind, pieces, parameter = settings_of(name)
    piece = registry.piece("nnlab.kernels.activation", kind)
    z = z.copy()
    a = np.full((len(z), z.shape[1] // pieces), np.nan, z.dtype) if piece.NEEDS_PRE_ACTIVATIONS else z
    piece.forward(z, bias, a, parameter)
    return z, a


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_forward_and_backward(name: str, shape: tuple[int, int], dtype: str) -> None:
    kind, pieces, parameter = settings_of(name)
    rng = np.random.default_rng(1)
    z, bias = (
        rng.normal(0, 2, (shape[0], shape[1] * pieces)).astype(dtype),
        rng.normal(0, 1, shape[1] * pieces).astype(dtype),
    )
    delta = rng.normal(0, 1, shape).astype(dtype)
    layer = naive.Layer([], [], kind, parameter, pieces)
    rows = (z.astype(float) + bias.astype(float)).tolist()
    comp_z, comp_a = forward(name, z, bias)
    ref_a = [[naive.activation(kind, unit, parameter) for unit in naive.units(layer, row)] for row in rows]
    np.testing.assert_allclose(comp_a, ref_a, **TOLERANCE[dtype])

    pre_delta, bias_gradient = np.full_like(z, np.nan), np.full_like(bias, np.nan)
    registry.piece("nnlab.kernels.activation", kind).backward(
        comp_z, comp_a, delta, pre_delta, bias_gradient, parameter
    )
    ref_delta = [
        naive.d_pre_activations(layer, row, d) for row, d in zip(rows, delta.astype(float).tolist(), strict=True)
    ]
    np.testing.assert_allclose(pre_delta, ref_delta, **TOLERANCE[dtype])
    np.testing.assert_allclose(bias_gradient, np.sum(ref_delta, axis=0), **TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_stays_nan_wherever_it_is(name: str, dtype: str) -> None:
    pieces = settings_of(name)[1]
    for piece in range(pieces):
        z = np.zeros((1, 9 * pieces), dtype)
        z[0, piece::pieces] = np.nan
        assert np.all(np.isnan(forward(name, z, np.zeros(9 * pieces, dtype))[1]))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_saturated_units_are_flat_and_finite(name: str, dtype: str) -> None:
    z = np.array([[-HUGE, -90.0, 90.0, HUGE]], dtype)
    low = 0.0 if name == "sigmoid" else -1.0
    z, a = forward(name, z, np.zeros(4, dtype))
    np.testing.assert_allclose(a, [[low, low, 1, 1]], atol=1e-37)
    pre_delta, bias_gradient = np.empty_like(z), np.empty(4, dtype)
    registry.piece("nnlab.kernels.activation", name).backward(z, a, np.ones_like(a), pre_delta, bias_gradient, 0.0)
    np.testing.assert_allclose(pre_delta, 0, atol=1e-37)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "maxout2", "maxout3"])
def test_the_slope_at_a_kink_is_that_of_the_reference(name: str) -> None:
    kind, pieces, parameter = settings_of(name)
    zeros, one = np.zeros((1, pieces)), np.ones((1, 1))
    z, a = forward(name, zeros, np.zeros(pieces))
    pre_delta, bias_gradient = np.empty_like(z), np.empty(pieces)
    registry.piece("nnlab.kernels.activation", kind).backward(z, a, one, pre_delta, bias_gradient, parameter)
    assert pre_delta[0].tolist() == naive.slopes(kind, [0.0] * pieces, parameter)
