"""Each loss against its reference, and what must hold of softmax."""

from __future__ import annotations

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from kernel_cases import DTYPES, LOSSES, TOLERANCE, properties, silently

from nnlab import registry
from nnlab.kernels.loss import softmax_cross_entropy

logits = hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.floats(-300, 300))


def softmax(outputs: np.ndarray) -> np.ndarray:
    probabilities = outputs.copy()
    softmax_cross_entropy.link(probabilities)
    return probabilities


def loss_of(name: str, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    delta = np.full_like(outputs, np.nan)
    return registry.piece("nnlab.kernels.loss", name).loss(outputs, targets, delta, 0.0), delta


def test_all_losses_are_tested() -> None:
    assert set(LOSSES) == set(registry.pieces("nnlab.kernels.loss")) == set(naive.LOSSES)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 3), (32, 10)])
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient(name: str, shape: tuple[int, int], dtype: str) -> None:
    rng = np.random.default_rng(2)
    outputs = rng.normal(0, 3, shape).astype(dtype)
    targets = rng.uniform(0, 1, shape).astype(dtype)
    comp, delta = loss_of(name, outputs, targets)
    ref, ref_delta = naive.LOSSES[name](outputs.astype(float).tolist(), targets.astype(float).tolist())
    np.testing.assert_allclose(comp, ref, **TOLERANCE[dtype])
    np.testing.assert_allclose(delta, ref_delta, **TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
def test_links(dtype: str) -> None:
    outputs = np.random.default_rng(3).normal(0, 3, (7, 5)).astype(dtype)
    ref = [naive.softmax(row) for row in outputs.astype(float).tolist()]
    np.testing.assert_allclose(softmax(outputs), ref, **TOLERANCE[dtype])
    same = outputs.copy()
    registry.piece("nnlab.kernels.loss", "mean_squared_error").link(same)
    assert np.array_equal(same, outputs)


@properties
@given(logits)
def test_softmax_sums_to_one(outputs: np.ndarray) -> None:
    np.testing.assert_allclose(softmax(outputs).sum(axis=1), 1, rtol=1e-14)


@properties
@given(logits, st.floats(-1000, 1000))
def test_softmax_does_not_see_a_common_shift(outputs: np.ndarray, shift: float) -> None:
    np.testing.assert_allclose(softmax(outputs + shift), softmax(outputs), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
def test_certain_and_wrong_is_dear_but_finite(dtype: str) -> None:
    outputs, targets = np.array([[1e4, -1e4]], dtype), np.array([[0, 1]], dtype)
    comp, delta = loss_of("softmax_cross_entropy", outputs, targets)
    assert comp == pytest.approx(2e4)
    np.testing.assert_allclose(delta, [[1, -1]], atol=1e-37)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("name", LOSSES)
def test_nan_among_the_outputs_is_seen(name: str, place: int, dtype: str) -> None:
    outputs, targets = np.zeros((2, 3), dtype), np.eye(3, dtype=dtype)[:2]
    outputs[1, place] = np.nan
    assert np.isnan(loss_of(name, outputs, targets)[0])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
@silently
def test_infinite_outputs_are_no_finite_loss(name: str, dtype: str) -> None:
    outputs = np.array([[np.inf, 0, 0]], dtype)
    assert not np.isfinite(loss_of(name, outputs, np.eye(3, dtype=dtype)[:1])[0])
