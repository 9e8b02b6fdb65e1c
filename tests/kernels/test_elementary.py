"""exp, tanh and their like in float32: within a few units in the last place of the C library's float64, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from kernel_cases import JIT, silently

from nnlab.kernels.compilation import kernel
from nnlab.kernels.elementary import cos, exp, expm1, log1p, normal, sin, tanh

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


@kernel
def expm1_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = expm1(x[i])


@kernel
def log1p_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = log1p(x[i])


@kernel
def sin_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = sin(x[i])


@kernel
def cos_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = cos(x[i])


@kernel
def probability_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = normal(x[i])[0]


@kernel
def density_of_all(x: Any, y: Any) -> None:
    for i in range(x.size):
        y[i] = normal(x[i])[1]


EVERY_LOOP = [
    exp_of_all,
    expm1_of_all,
    log1p_of_all,
    tanh_of_all,
    sin_of_all,
    cos_of_all,
    probability_of_all,
    density_of_all,
]


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


@pytest.mark.parametrize("sign", [-1, 1])
def test_expm1_is_exact_to_two_units(sign: int) -> None:
    x = sign * every_nth_float(0, -EXP_SATURATES[0] if sign < 0 else EXP_SATURATES[1], 501)
    assert units_in_the_last_place(applied(expm1_of_all, x), np.expm1(x.astype(np.float64))) <= 2


def test_expm1_saturates_as_exp_does() -> None:
    low, high = applied(expm1_of_all, [-1e30, 1e30])
    assert low == -1
    assert high == applied(exp_of_all, 1e30)


def test_log1p_from_0_to_1_is_exact_to_three_units() -> None:
    x = every_nth_float(0, 1, 501)
    assert units_in_the_last_place(applied(log1p_of_all, x), np.log1p(x.astype(np.float64))) <= 3


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(("function", "ref"), [(sin_of_all, np.sin), (cos_of_all, np.cos)])
def test_sin_and_cos_are_exact_to_three_units_in_many_turns(function: Any, ref: Any, sign: int) -> None:
    x = sign * every_nth_float(0, 1000, 501)
    assert units_in_the_last_place(applied(function, x), ref(x.astype(np.float64))) <= 3


@pytest.mark.parametrize(("function", "ref"), [(sin_of_all, np.sin), (cos_of_all, np.cos)])
def test_sin_and_cos_of_very_large_angles(function: Any, ref: Any) -> None:
    x = np.concatenate([every_nth_float(1e3, 1e6, 101), -every_nth_float(1e3, 1e6, 101)])
    comp = applied(function, x)
    np.testing.assert_allclose(comp, ref(x.astype(np.float64)), rtol=2e-7, atol=1e-9)
    assert np.abs(comp).max() <= 1


@pytest.mark.parametrize("sign", [-1, 1])
def test_the_normal_distribution_is_exact_to_eight_units(sign: int) -> None:
    x = sign * every_nth_float(0, 13, 501)
    exact = x.astype(np.float64)
    assert units_in_the_last_place(applied(probability_of_all, x), scipy.special.ndtr(exact)) <= 8
    density = np.exp(-exact * exact / 2) / np.sqrt(2 * np.pi)
    assert units_in_the_last_place(applied(density_of_all, x), density) <= 8


def test_the_normal_distribution_far_out() -> None:
    x = np.array([-np.inf, -1e30, -14.5, 14.5, 1e30, np.inf], np.float32)
    np.testing.assert_allclose(applied(probability_of_all, x), [0, 0, 0, 1, 1, 1], atol=1e-37)
    np.testing.assert_allclose(applied(density_of_all, x), 0, atol=1e-37)


@pytest.mark.parametrize("function", EVERY_LOOP)
@pytest.mark.parametrize("bits", [0x7FC00000, 0xFFC00000, 0x7FC00001, 0x7FC000FF, 0x7FFFFFFF, 0xFFFFFFFF])
def test_any_nan_stays_nan(function: Callable[..., None], bits: int) -> None:
    assert np.all(np.isnan(applied(function, np.full(17, bits, np.uint32).view(np.float32))))


@pytest.mark.parametrize("function", [exp, expm1, tanh, sin, cos])
@pytest.mark.parametrize("number_type", [np.float32, np.float64])
def test_python_and_kernels_see_the_same_function(function: Callable[[Any], Any], number_type: type) -> None:
    ref = {exp: np.exp, expm1: np.expm1, tanh: np.tanh, sin: np.sin, cos: np.cos}[function]
    for x in (-3.0, -0.2, 0.0, 0.5, 4.0):
        assert function(number_type(x)) == pytest.approx(ref(x), rel=3e-7 if number_type is np.float32 else 1e-15)


def test_python_sees_the_normal_distribution_and_log1p_too() -> None:
    for number_type, rel in ((np.float32, 3e-7), (np.float64, 1e-14)):
        for x in (-3.0, -0.2, 0.0, 0.5, 4.0):
            density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
            assert normal(number_type(x)) == pytest.approx((scipy.special.ndtr(x), density), rel=rel)
        assert log1p(number_type(0.3)) == pytest.approx(np.log1p(0.3), rel=rel)
