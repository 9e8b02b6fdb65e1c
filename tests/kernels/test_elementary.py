"""exp and tanh in float32: within 2 units in the last place of the C library's float64, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from kernel_cases import JIT, silently

from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import exp, tanh

SPARSITY = 1 if JIT else 400  # how many times fewer points when loops are Python
EXP_SATURATES = (np.float32(-87.33), np.float32(88.37))


@kernel
def exp_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = exp(x[i])


@kernel
def tanh_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = tanh(x[i])


@silently
def applied(function: Callable[..., None], x: Any) -> np.ndarray:
    values = np.atleast_1d(np.asarray(x, np.float32))
    results = np.empty_like(values)
    function(values, results)
    return results


def every_nth_float(low: float, high: float, step: int) -> np.ndarray:
    """Return float32 numbers from low to high, both at least 0, by their bits: denormal ones too."""
    first, last = np.array([low, high], np.float32).view(np.int32)
    return np.append(np.arange(first, last, step * SPARSITY, dtype=np.int32), last).view(np.float32)


def units_in_the_last_place(comp: np.ndarray, ref: np.ndarray) -> float:
    return float(np.max(np.abs(comp.astype(np.float64) - ref) / np.spacing(np.abs(ref).astype(np.float32))))


@pytest.mark.parametrize("sign", [-1, 1])
def test_exp_is_exact_to_two_units(sign: int) -> None:
    x = sign * every_nth_float(0, -EXP_SATURATES[0] if sign < 0 else EXP_SATURATES[1], 501)
    assert units_in_the_last_place(applied(exp_of_all, x), np.exp(x.astype(np.float64))) <= 2


@pytest.mark.parametrize("sign", [-1, 1])
def test_tanh_is_exact_to_two_units(sign: int) -> None:
    x = sign * every_nth_float(0, np.finfo(np.float32).max, 1001)
    assert units_in_the_last_place(applied(tanh_of_all, x), np.tanh(x.astype(np.float64))) <= 2


def test_tanh_where_its_two_forms_meet() -> None:
    x = every_nth_float(0.6, 0.65, 1)
    assert units_in_the_last_place(applied(tanh_of_all, x), np.tanh(x.astype(np.float64))) <= 2


def test_exp_saturates_above_zero_and_below_infinity() -> None:
    low, high = applied(exp_of_all, EXP_SATURATES)
    assert np.finfo(np.float32).tiny <= low < high < np.inf
    assert np.all(applied(exp_of_all, [88.38, 89, 1e30, np.inf]) == high)
    assert np.all(applied(exp_of_all, [-87.34, -88, -1e30, -np.inf]) == low)


def test_tanh_saturates_at_one() -> None:
    assert np.all(applied(tanh_of_all, [10, 1e30, np.inf]) == 1)
    assert np.all(applied(tanh_of_all, [-10, -1e30, -np.inf]) == -1)


@pytest.mark.parametrize("function", [exp_of_all, tanh_of_all])
@pytest.mark.parametrize("bits", [0x7FC00000, 0xFFC00000, 0x7FC00001, 0x7FC000FF, 0x7FFFFFFF, 0xFFFFFFFF])
def test_any_nan_stays_nan(function: Callable[..., None], bits: int) -> None:
    assert np.all(np.isnan(applied(function, np.full(17, bits, np.uint32).view(np.float32))))


@pytest.mark.parametrize("function", [exp, tanh])
@pytest.mark.parametrize("number_type", [np.float32, np.float64])
def test_python_and_kernels_see_the_same_function(function: Callable[[Any], Any], number_type: type) -> None:
    ref = {exp: np.exp, tanh: np.tanh}[function]
    for x in (-3.0, -0.2, 0.0, 0.5, 4.0):
        assert function(number_type(x)) == pytest.approx(ref(x), rel=3e-7 if number_type is np.float32 else 1e-15)
