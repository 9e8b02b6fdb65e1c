"""Calls by address: what they pass, what they return, and what they refuse to be compiled for."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from kernel_cases import DTYPES, JIT
from numba import types
from numba.core.errors import TypingError

from nnlab.kernels.compilation import kernel
from nnlab.kernels.late_binding import Interface, scalar_type

SUMS = Interface(lambda dtype: (scalar_type(dtype)[::1], types.int64), types.float64)
call = SUMS.call


@kernel
def sum_of(values: Any, times: int) -> float:
    total = 0.0
    for value in values:
        total += value * times
    return total


@kernel
def negative_sum_of(values: Any, times: int) -> float:
    return -sum_of(values, times)


@kernel
def by_address(address: int, values: Any, times: int) -> Any:
    return call(address, (values, times))


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_address_decides_which_function_is_called(dtype: str) -> None:
    values = np.arange(5, dtype=dtype)
    for function, expected in ((sum_of, 20.0), (negative_sum_of, -20.0)):
        assert by_address(SUMS.address(function, dtype), values, 2) == expected


def test_an_address_is_found_once() -> None:
    assert SUMS.address(sum_of, "float32") == SUMS.address(sum_of, "float32")
    assert SUMS.address(sum_of, "float32") != SUMS.address(negative_sum_of, "float32")


@pytest.mark.skipif(not JIT, reason="Python checks arguments when it calls")
def test_other_arguments_are_refused_when_the_caller_is_compiled() -> None:
    """They would be read as something else: nothing checks them at run time."""
    with pytest.raises(TypingError, match="are not the arguments of this interface"):
        by_address(0, np.zeros((2, 2)), 2)


@pytest.mark.skipif(not JIT, reason="nothing is compiled")
def test_another_result_is_refused() -> None:
    wrong = numba.njit(lambda values, times: times)
    with pytest.raises(TypeError, match="returns int64, not float64"):
        SUMS.address(wrong, "float32")
