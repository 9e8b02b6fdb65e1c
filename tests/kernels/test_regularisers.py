"""Each regulariser alone, on random parameters and gradients, against its reference."""

from __future__ import annotations

import math
from copy import deepcopy

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_cases import (
    DTYPES,
    TOLERANCE,
    mixed,
    naive_training,
    network_of,
    properties,
    silently,
)
from naive import regularisers as references
from regulariser_cases import SETTINGS

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.errors import ConfigurationError
from nnlab.kernels import interfaces, regularisation
from nnlab.kernels.compilation import kernel
from nnlab.kernels.regions import memory_of, start_of
from nnlab.network import Network
from nnlab.updates import optimizer_of

PACKAGE = "nnlab.kernels.regularisation"
PIECES = registry.pieces(PACKAGE)
REFERENCES = references.BEFORE | references.AFTER
_call = interfaces.REGULARISERS.call


def test_all_regularisers_are_tested_and_have_a_stage() -> None:
    assert set(SETTINGS) == set(PIECES) == set(REFERENCES)
    assert [piece.STAGE for piece in PIECES.values() if piece.STAGE not in regularisation.STAGES] == []
    assert {name for name, piece in PIECES.items() if piece.STAGE in regularisation.AFTER} == set(references.AFTER)


def test_a_regulariser_is_off_by_default_and_checks_its_setting() -> None:
    for piece in PIECES.values():
        assert piece.SETTING.default is None
        assert piece.SETTING.check("regularisation.x", None) is None
        for bad in (-0.1, math.nan, math.inf, "much"):
            with pytest.raises(ConfigurationError, match=r"regularisation\.x="):
                piece.SETTING.check("regularisation.x", bad)


def test_an_unknown_regulariser_is_named() -> None:
    network = network_of(mixed(), "mean_squared_error", "float64")
    with pytest.raises(ConfigurationError, match="did you mean max_norm"):
        optimizer_of(
            network.parameters, Piece("sgd", {"learning_rate": 0.1}), np.ones(1), regularisers={"maxnorm": 1.0}
        )


@kernel
def _apply(address, model, workspace, rate, setting):
    memory = memory_of(model, workspace, start_of(workspace.panel), 0)
    _call(address, (model.operations, memory, model.parameters.size, rate, setting))


def applied(name: str, network: Network, gradients: np.ndarray, setting: float, rate: float = 0.1) -> np.ndarray:
    """Let a regulariser act on a network; return what it makes of the gradients."""
    workspace = network.workspace(1)
    workspace.gradients[:] = gradients
    address = interfaces.REGULARISERS.address(PIECES[name].apply, network.dtype.name)
    _apply(address, network.model, workspace, rate, setting)
    return workspace.gradients


def network_and_gradients(dtype: str, seed: int = 3) -> tuple[Network, np.ndarray]:
    """Return five layers, two of maxout, and gradients of them that are large and small."""
    network = network_of(mixed(), "mean_squared_error", dtype)
    rng = np.random.default_rng(seed)
    return network, (rng.normal(0, 1, network.parameters.size) * 10 ** rng.uniform(-3, 1)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SETTINGS)
def test_one_regulariser(name: str, dtype: str) -> None:
    network, gradients = network_and_gradients(dtype)
    network.weights[0][1, 2] = 0
    before = network.parameters.copy()
    parameters = naive_training(network).layers
    ref = deepcopy(parameters)
    naive.assign(ref, gradients.astype(float).tolist())
    comp = applied(name, network, gradients, SETTINGS[name])
    REFERENCES[name](parameters, ref, 0.1, SETTINGS[name])
    np.testing.assert_allclose(comp, naive.flat_parameters(ref), **TOLERANCE[dtype])
    np.testing.assert_allclose(network.parameters, naive.flat_parameters(parameters), **TOLERANCE[dtype])
    assert not (np.array_equal(comp, gradients) and np.array_equal(network.parameters, before))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["clip_global_norm", "clip_norm", "clip_value", "max_norm"])
def test_what_is_within_the_bounds_stays_bit_for_bit(name: str, dtype: str) -> None:
    network, gradients = network_and_gradients(dtype)
    before = network.parameters.copy()
    assert np.array_equal(applied(name, network, gradients, 1e4), gradients)
    assert np.array_equal(network.parameters, before)


@given(seed=st.integers(0, 1000), exponent=st.floats(-4, 3), dtype=st.sampled_from(DTYPES))
@properties
def test_bounds_hold(seed: int, exponent: float, dtype: str) -> None:
    network, gradients = network_and_gradients(dtype, seed)
    bound = 10**exponent
    most = bound * (1 + 1e-5)
    clipped = {name: applied(name, network, gradients, bound) for name in PIECES if name.startswith("clip")}
    assert np.linalg.norm(clipped["clip_global_norm"]) <= most
    assert np.max(np.abs(clipped["clip_value"])) <= most
    for part in (*network._weights_of(clipped["clip_norm"]), *network._biases_of(clipped["clip_norm"])):
        assert np.linalg.norm(part) <= most
    applied("max_norm", network, gradients, bound)
    for weights in network.weights:
        assert np.all(np.linalg.norm(weights, axis=0) <= most)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SETTINGS)
@silently
def test_nan_is_kept(name: str, dtype: str) -> None:
    network, gradients = network_and_gradients(dtype)
    gradients[5] = network.parameters[3] = np.nan
    comp = applied(name, network, gradients, SETTINGS[name])
    assert np.isnan(comp[5])
    assert np.isnan(network.parameters[3])


@pytest.mark.parametrize("dtype", DTYPES)
@silently
def test_one_nan_makes_a_norm_nan_and_all_that_is_scaled_by_it(dtype: str) -> None:
    network, gradients = network_and_gradients(dtype)
    gradients[5] = np.nan
    assert np.all(np.isnan(applied("clip_global_norm", network, gradients, 1.0)))
    first, *others = network._weights_of(applied("clip_norm", network, gradients, 1.0))
    assert np.all(np.isnan(first))
    assert not any(np.any(np.isnan(part)) for part in others)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_unit_without_incoming_weights_is_no_special_case(dtype: str) -> None:
    network, gradients = network_and_gradients(dtype)
    network.parameters[:] = gradients[:] = 0
    for name in SETTINGS:
        assert not np.any(applied(name, network, gradients, 1.0)), name
        assert not np.any(network.parameters), name


def test_norms_of_float32_are_summed_in_float64() -> None:
    network, gradients = network_and_gradients("float32")
    gradients[:] = 1e30  # whose square is too large for float32
    assert np.linalg.norm(applied("clip_global_norm", network, gradients, 1.0).astype(float)) == pytest.approx(1, 1e-6)
    network.weights[0][:] = 1e30
    applied("max_norm", network, gradients, 1.0)
    np.testing.assert_allclose(np.linalg.norm(network.weights[0].astype(float), axis=0), 1, 1e-6)
