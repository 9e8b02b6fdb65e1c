"""Normal numbers from the counter-based generator Philox: the inverse of the distribution, of one word each.

Source: M. Giles, "Approximating the erfinv function", GPU Computing Gems 2, 2011, in single precision: relative error
below 1e-6. It has no branches that would keep the compiler from vectorising. Of each word 24 bits are used, so that
float32 and float64 draw the same numbers up to rounding, within 5.5 standard deviations.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from nnlab.kernels.compilation import inlined, kernel
from nnlab.kernels.noise._words import fill_words, words_of

_UNUSED_BITS = np.uint64(8)
_TWO_24 = 16777216.0
_ONE, _TWO = np.float32(1), np.float32(2)
_ROOT_2 = np.float32(math.sqrt(2))
_CENTRE_ENDS, _CENTRE, _TAIL = np.float32(5), np.float32(2.5), np.float32(3)
_C0, _C1, _C2, _C3, _C4 = (
    np.float32(c) for c in (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087)
)
_C5, _C6, _C7, _C8 = (np.float32(c) for c in (-0.00125372503, -0.00417768164, 0.246640727, 1.50140941))
_T0, _T1, _T2, _T3, _T4 = (
    np.float32(c) for c in (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773)
)
_T5, _T6, _T7, _T8 = (np.float32(c) for c in (-0.0076224613, 0.00943887047, 1.00167406, 2.83297682))
_LN2 = np.float32(math.log(2))
_THIRD, _FIFTH, _SEVENTH, _NINTH = (np.float32(1 / n) for n in (3, 5, 7, 9))
_ROOT_HALF_BITS = 0x3F3504F3  # of sqrt(1/2), as float32
_FRACTION_BITS = 23  # of float32, above which the exponent stands


@kernel
def fill_normal(values, mean, std, draw, number):
    """Fill a flat array with normal numbers; `number` is an address of random words."""
    m, s = values.dtype.type(mean), values.dtype.type(std)
    scale = values.dtype.type(1 / _TWO_24)
    words = words_of(values)
    fill_words(words, draw, number)
    for element in range(values.size):
        odd = 2.0 * np.float64(np.int64(words[element] >> _UNUSED_BITS)) + (1.0 - _TWO_24)
        values[element] = m + s * _standard_normal(values.dtype.type(odd) * scale)


@inlined
def _standard_normal(x):
    """Return sqrt(2) erfinv(x), where x is uniform between -1 and 1."""
    size = -x if x < 0 else x
    w = -_log((_ONE - size) * (_ONE + size))
    c = w - _CENTRE
    p = ((((((((_C0 * c + _C1) * c + _C2) * c + _C3) * c + _C4) * c + _C5) * c + _C6) * c + _C7) * c) + _C8
    t = type(x)(math.sqrt(w)) - _TAIL
    q = ((((((((_T0 * t + _T1) * t + _T2) * t + _T3) * t + _T4) * t + _T5) * t + _T6) * t + _T7) * t) + _T8
    return _ROOT_2 * (p if w < _CENTRE_ENDS else q) * x


def _log(x: Any) -> Any:
    """Return the natural logarithm of a positive, normal number in its type; float32 is vectorised."""
    return type(x)(math.log(x))


@overload(_log, jit_options={"forceinline": True})
def _overload_log(x):
    return (lambda x: _log32(x)) if x == types.float32 else (lambda x: math.log(x))


@inlined
def _log32(x):
    """log(2^n m) = n log 2 + 2 artanh((m - 1) / (m + 1)), with m between the roots of 1/2 and of 2."""
    bits = _bits(x) - _ROOT_HALF_BITS
    n = bits >> _FRACTION_BITS
    m = _number((bits & ((1 << _FRACTION_BITS) - 1)) + _ROOT_HALF_BITS)
    s = (m - _ONE) / (m + _ONE)
    t = s * s
    return _LN2 * np.float32(n) + _TWO * s * ((((_NINTH * t + _SEVENTH) * t + _FIFTH) * t + _THIRD) * t + _ONE)


@intrinsic
def _bits(_context, x):  # noqa: ARG001
    """Return the bits of a float32 as a whole number."""

    def generate(_context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.int32(types.float32), generate


@intrinsic
def _number(_context, bits):
    """Return the float32 that has these bits."""

    def generate(_context, builder, _signature, arguments):
        whole = builder.trunc(arguments[0], ir.IntType(32)) if bits.bitwidth > 32 else arguments[0]
        return builder.bitcast(whole, ir.FloatType())

    return types.float32(bits), generate
