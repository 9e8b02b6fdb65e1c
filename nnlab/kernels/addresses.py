"""Addresses of elements of arrays, as compiled kernels pass them around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

_INT32 = ir.IntType(32)


@intrinsic
def address(_typing, array, offset):
    """Return the address of an array's element, `offset` elements after its first."""

    def generate(context, builder, signature, arguments):
        data = arrayobj.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.gep(data, [arguments[1]])

    return types.CPointer(array.dtype)(array, offset), generate


@intrinsic
def moved(_typing, pointer, offset):
    """Return an address `offset` elements further on."""

    def generate(_context, builder, _signature, arguments):
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, offset), generate


def _prefetching(keep: int) -> Callable[[Any], None]:
    @intrinsic
    def prefetch(_typing, pointer):
        def generate(context, builder, _signature, arguments):
            write_prefetch(builder, arguments[0], keep)
            return context.get_dummy_value()

        return types.void(pointer), generate

    return prefetch  # type: ignore[no-any-return]


EVERYWHERE, ASIDE = 3, 2  # fetch into all caches of the core, or spare the smallest and fastest
# prefetch(pointer): begin to fetch the cache line at an address, which may be any.
prefetch, prefetch_aside = _prefetching(EVERYWHERE), _prefetching(ASIDE)


def write_prefetch(builder: Any, pointer: Any, keep: int) -> None:
    """Write the instruction that begins to fetch the cache line at an address, which may be any."""
    byte = ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [byte, _INT32, _INT32, _INT32])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    options = [ir.Constant(_INT32, value) for value in (0, keep, 1)]  # to read, where to keep, data
    builder.call(function, [builder.bitcast(pointer, byte), *options])
