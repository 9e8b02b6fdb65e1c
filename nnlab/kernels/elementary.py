"""exp and tanh in a form that the compiler vectorises, which it does not do with calls into the C library.

float32 uses the polynomials of S. Moshier's Cephes library (single/expf.c, single/tanhf.c); float64, which is there
for gradient checks rather than for speed, uses the C library.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

_LOG2_E = np.float32(1.44269504088896341)
_LN2_HIGH = np.float32(0.693359375)  # few digits, so that n * _LN2_HIGH is exact
_LN2_LOW = np.float32(-2.12194440e-4)
_ROUND = np.float32(12582912)  # 1.5 * 2^23: adding it leaves the nearest whole number in the lowest bits
_LARGEST = np.float32(88.37)  # exp saturates here, below the largest float32
_SMALLEST = np.float32(-87.33)
_ONE = np.float32(1)
_TWO = np.float32(2)
_E0, _E1, _E2, _E3, _E4, _E5 = (
    np.float32(c)
    for c in (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
)
_SMALL_TANH = np.float32(0.625)
_T0, _T1, _T2, _T3, _T4 = (
    np.float32(c) for c in (-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
)

# No "reassoc": it would merge the two halves of ln 2 and cancel the rounding trick.
_exact_order = numba.njit(nogil=True, fastmath={"nsz", "contract"}, error_model="numpy")


def exp(x: Any) -> Any:
    """Return e^x in x's type; float32 saturates at e^88.37 and e^-87.33 and is within 2 units in the last place."""
    return _exp32(x) if isinstance(x, np.float32) else math.exp(x)


@overload(exp)
def _overload_exp(x):
    return (lambda x: _exp32(x)) if x == types.float32 else (lambda x: math.exp(x))


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent in x's type; float32 is within 2 units in the last place."""
    return _tanh32(x) if isinstance(x, np.float32) else math.tanh(x)


@overload(tanh)
def _overload_tanh(x):
    return (lambda x: _tanh32(x)) if x == types.float32 else (lambda x: math.tanh(x))


@_exact_order
def _exp32(x):
    """e^x = 2^n e^r with x = n ln 2 + r and |r| <= ln 2 / 2."""
    x = max(x, _SMALLEST)
    x = min(x, _LARGEST)
    shifted = x * _LOG2_E + _ROUND
    n = shifted - _ROUND
    r = x - n * _LN2_HIGH - n * _LN2_LOW
    p = ((((_E0 * r + _E1) * r + _E2) * r + _E3) * r + _E4) * r + _E5
    scaled = _times_power_of_two(p * r * r + r + _ONE, shifted)
    return scaled if x == x else x  # noqa: PLR0124 - the bits of a NaN would shift into the exponent


@_exact_order
def _tanh32(x):
    """A polynomial near 0, and 1 - 2 / (e^2|x| + 1) with the sign of x elsewhere."""
    size = -x if x < 0 else x
    s = x * x
    near = ((((_T0 * s + _T1) * s + _T2) * s + _T3) * s + _T4) * s * x + x
    far = _ONE - _TWO / (_exp32(_TWO * size) + _ONE)
    far = -far if x < 0 else far
    return near if size < _SMALL_TANH else far


def _times_power_of_two(p: Any, shifted: Any) -> Any:
    """Return p * 2^n, where n is the whole number in the lowest bits of `shifted`."""
    return p if shifted != shifted else np.float32(math.ldexp(p, int(shifted - _ROUND)))  # noqa: PLR0124


@overload(_times_power_of_two)
def _overload_times_power_of_two(p, shifted):  # noqa: ARG001
    return lambda p, shifted: _add_to_exponent(p, shifted)


@intrinsic
def _add_to_exponent(_context, p, shifted):
    """Add the lowest bits of `shifted` to the exponent bits of p: integer work that vectorises, unlike ldexp."""

    def generate(_context, builder, _signature, arguments):
        integer = ir.IntType(32)
        bits, count = (builder.bitcast(argument, integer) for argument in arguments)
        scaled = builder.add(bits, builder.shl(count, ir.Constant(integer, 23)))
        return builder.bitcast(scaled, ir.FloatType())

    return types.float32(p, shifted), generate
