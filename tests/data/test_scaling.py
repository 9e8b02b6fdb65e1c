"""Scaling against scikit-learn's scalers, and what they leave open."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from nnlab.data import Scaling, fit_scaling
from nnlab.data.scaling import CHUNK

KINDS = ("none", "standardise", "minmax", "maximum")


def scaled(values: Any, scaling: Scaling) -> Any:
    return (values - scaling.shift) * scaling.scale


@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
@pytest.mark.parametrize("rows", [2, CHUNK, 3 * CHUNK + 1])
@pytest.mark.parametrize(("kind", "peer"), [("standardise", StandardScaler()), ("minmax", MinMaxScaler())])
def test_like_scikit_learn(kind: str, peer: Any, rows: int, dtype: Any) -> None:
    rng = np.random.default_rng(rows)
    values = (rng.normal(100, 20, (4 * CHUNK, 5)).clip(0, 255)).astype(dtype)
    values[:, 2] = 7
    train = np.sort(rng.choice(len(values), rows, replace=False))
    comp = scaled(values, fit_scaling(values, train, kind))
    ref = peer.fit(values[train].astype(np.float64)).transform(values.astype(np.float64))
    assert comp == pytest.approx(ref, rel=1e-9, abs=1e-9)


def test_maximum_is_one_factor_for_all_columns() -> None:
    values = np.array([[1.0, -8.0], [2.0, 4.0], [100.0, 100.0]])
    scaling = fit_scaling(values, np.array([0, 1]), "maximum")
    assert np.array_equal(scaling.shift, [0, 0])
    assert np.array_equal(scaling.scale, [1 / 8, 1 / 8])


def test_none_changes_nothing() -> None:
    scaling = fit_scaling(np.full((3, 2), 5), np.arange(3), "none")
    assert np.array_equal(scaling.shift, [0, 0])
    assert np.array_equal(scaling.scale, [1, 1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [0.0, 0.1, 1e300])
def test_a_constant_column_keeps_its_unit(kind: str, value: float) -> None:
    scaling = fit_scaling(np.full((7, 1), value), np.arange(7), kind)
    assert scaling.scale == [1 / value if kind == "maximum" and value else 1.0]


@pytest.mark.parametrize("kind", KINDS)
def test_other_rows_make_no_difference(kind: str) -> None:
    values = np.random.default_rng(0).normal(size=(20, 3))
    train = np.arange(0, 20, 2)
    before = fit_scaling(values, train, kind)
    values[1::2] = 1e6
    after = fit_scaling(values, train, kind)
    assert np.array_equal(before.shift, after.shift)
    assert np.array_equal(before.scale, after.scale)


@given(
    values=arrays(np.float64, (6, 2), elements=st.floats(-1e100, 1e100)),
    kind=st.sampled_from(KINDS),
)
def test_scaled_values_are_always_finite(values: Any, kind: str) -> None:
    scaling = fit_scaling(values, np.arange(6), kind)
    assert scaling.shift.dtype == scaling.scale.dtype == np.float64
    assert np.isfinite(scaled(values, scaling)).all()
    if kind in ("minmax", "maximum"):
        assert np.abs(scaled(values, scaling)).max() <= 1 + 1e-12


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_array_of_bytes_is_never_copied_whole(kind: str) -> None:
    values = np.zeros((20_000, 784), dtype=np.uint8)
    rows = np.arange(len(values))
    tracemalloc.start()
    fit_scaling(values, rows, kind)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * values.nbytes  # as float64 it would take eight times its bytes
