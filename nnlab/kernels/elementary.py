"""exp, tanh and their like in a form that the compiler vectorises, which it does not do with calls into the C library.

float64, which is there for gradient checks rather than for speed, uses the C library. float32 uses the polynomials of
S. Moshier's Cephes library (single/expf.c, single/tanhf.c); those of log1p, sin and the normal distribution interpolate
in Chebyshev nodes, with relative errors below 2e-8 before rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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
_ROUND64 = 6755399441055744.0  # 1.5 * 2^52
_LARGEST = np.float32(88.37)  # exp saturates here, below the largest float32
_SMALLEST = np.float32(-87.33)
_ONE = np.float32(1)
_TWO = np.float32(2)
_HALF = np.float32(0.5)
_E0, _E1, _E2, _E3, _E4, _E5 = (
    np.float32(c)
    for c in (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
)
_SMALL_TANH = np.float32(0.625)
_T0, _T1, _T2, _T3, _T4 = (
    np.float32(c) for c in (-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
)
_L0, _L1, _L2, _L3 = (np.float32(c) for c in (0.134257490114, 0.141183099027, 0.200037803225, 0.333333201683))
_S0, _S1, _S2, _S3 = (np.float32(c) for c in (2.63475639181e-6, -1.98227394886e-4, 8.3332421351e-3, -0.166666659638))
_FAR = np.float32(14)  # beyond it, the density of the normal distribution is below the smallest float32
_EIGHT_BITS = np.float32(49152)  # 1.5 * 2^15: adding it leaves eight binary places
_K = np.float32(4)
_N0, _N1, _N2, _N3, _N4 = (
    np.float32(c) for c in (-1.201844011e-4, 2.012617303e-4, 1.572317879e-3, -3.5261837e-3, -7.529250703e-3)
)
_N5, _N6, _N7, _N8, _N9 = (
    np.float32(c) for c in (6.040668873e-2, -0.1865226849, 0.3871366841, -0.6078966183, 0.7552851383)
)
_PEAK = 1 / math.sqrt(2 * math.pi)  # of the normal density
_PEAK32 = np.float32(_PEAK)
_ROOT_HALF = math.sqrt(0.5)

# No "reassoc": it would merge the two halves of ln 2 and cancel the rounding trick. Compiled into each caller, since a
# loop around a call is not vectorised.
exact_order = numba.njit(nogil=True, fastmath={"nsz", "contract"}, error_model="numpy", forceinline=True)


def _of_both_types(single: Callable[..., Any], double: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return a function of one number, of float32 or of another type, for Python and for kernels."""

    def function(x: Any) -> Any:
        return single(x) if isinstance(x, np.float32) else double(x)

    @overload(function, jit_options={"forceinline": True})
    def _overload_function(x):
        return (lambda x: single(x)) if x == types.float32 else (lambda x: double(x))

    return function


@exact_order
def _exp32(x):
    """e^x = 2^n e^r with x = n ln 2 + r and |r| <= ln 2 / 2."""
    r, shifted = _reduced(x)
    scaled = _times_power_of_two(_expm1_near_0(r) + _ONE, shifted)
    return scaled if x == x else x  # noqa: PLR0124 - the bits of a NaN would shift into the exponent


@exact_order
def _expm1_32(x):
    """e^x - 1 = 2^n (e^r - 1) + (2^n - 1)."""
    r, shifted = _reduced(x)
    power = _times_power_of_two(_ONE, shifted)
    return power * _expm1_near_0(r) + (power - _ONE)


@exact_order
def _reduced(x):
    """Return r with x = n ln 2 + r, and a number that has n in its lowest bits; x is cut where exp saturates."""
    x = max(x, _SMALLEST)
    x = min(x, _LARGEST)
    shifted = x * _LOG2_E + _ROUND
    n = shifted - _ROUND
    return x - n * _LN2_HIGH - n * _LN2_LOW, shifted


@exact_order
def _expm1_near_0(r):
    """Return e^r - 1 for |r| <= ln 2 / 2."""
    p = ((((_E0 * r + _E1) * r + _E2) * r + _E3) * r + _E4) * r + _E5
    return p * r * r + r


@exact_order
def _tanh32(x):
    """A polynomial near 0, and 1 - 2 / (e^2|x| + 1) with the sign of x elsewhere."""
    size = -x if x < 0 else x
    s = x * x
    near = ((((_T0 * s + _T1) * s + _T2) * s + _T3) * s + _T4) * s * x + x
    far = _ONE - _TWO / (_exp32(_TWO * size) + _ONE)
    far = -far if x < 0 else far
    return near if size < _SMALL_TANH else far


@exact_order
def _log1p32(x):
    """log(1 + x) = 2 artanh(s) with s = x / (2 + x)."""
    s = x / (_TWO + x)
    t = s * s
    return _TWO * s * ((((_L0 * t + _L1) * t + _L2) * t + _L3) * t + _ONE)


@exact_order
def _sin32(x):
    """sin(x) = sin(r) = sin(pi - r), where r is x less whole turns; in float64, for x of many turns."""
    return _sine_of_turns(np.float64(x))


@exact_order
def _cos32(x):
    """cos(x) = sin(x + pi / 2)."""
    return _sine_of_turns(np.float64(x) + math.pi / 2)


@exact_order
def _sine_of_turns(x):
    """Return in float32 the sine of an angle in float64."""
    n = (x / (2 * math.pi) + _ROUND64) - _ROUND64
    r = x - n * (2 * math.pi)
    r = math.pi - r if r > math.pi / 2 else r
    r = np.float32(-math.pi - r if r < -math.pi / 2 else r)
    t = r * r
    sine = (((_S0 * t + _S1) * t + _S2) * t + _S3) * t * r + r
    sine = _ONE if sine > _ONE else sine  # noqa: FURB136 - keeps NaN
    return -_ONE if sine < -_ONE else sine  # noqa: FURB136


@exact_order
def _normal32(x):
    """P(-|x|) = p(|x|) m(|x|) / (|x| + 4) with a polynomial m of (|x| - 4) / (|x| + 4); P(|x|) = 1 - P(-|x|)."""
    size = -x if x < 0 else x
    size = _FAR if size > _FAR else size  # noqa: FURB136 - keeps NaN
    power = _exp_of_half_square(size)
    share = _ONE / (size + _K)
    q = (size - _K) * share
    m = (((((((((_N0 * q + _N1) * q + _N2) * q + _N3) * q + _N4) * q + _N5) * q + _N6) * q + _N7) * q + _N8) * q) + _N9
    tail = power * m * share
    return (tail if x < 0 else _ONE - tail), _PEAK32 * power


@exact_order
def _exp_of_half_square(x):
    """e^(-x^2 / 2) for 0 <= x <= 14; the square of the first bits of x is exact, that of the others is small."""
    high = (x + _EIGHT_BITS) - _EIGHT_BITS
    rest = _HALF * (high - x) * (high + x)
    return _exp32(-_HALF * high * high) * (_expm1_near_0(rest) + _ONE)


def _normal64(x: float) -> tuple[float, float]:
    return 0.5 * math.erfc(-x * _ROOT_HALF), _PEAK * math.exp(-0.5 * x * x)


# e^x; float32 saturates at e^88.37 and e^-87.33.
exp = _of_both_types(_exp32, math.exp)
# e^x - 1, exact near 0 too.
expm1 = _of_both_types(_expm1_32, math.expm1)
# log(1 + x), in float32 for 0 <= x <= 1 only.
log1p = _of_both_types(_log1p32, math.log1p)
tanh = _of_both_types(_tanh32, math.tanh)
sin = _of_both_types(_sin32, math.sin)
cos = _of_both_types(_cos32, math.cos)
# The probability of a standard normal number below x, and its density at x.
normal = _of_both_types(_normal32, numba.njit(_normal64))


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
