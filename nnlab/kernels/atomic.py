"""Numbers that several threads change: operations that no other thread sees half done.

A number is given by the address of an array of int64 and its place there. What a thread wrote before `publish`, `claim`
or `add` is seen by every thread that has read the number since.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_BYTES = 8
_PROCESSOR = llvm.get_process_triple().partition("-")[0]


@intrinsic
def read(_context, numbers, place):
    """Return a number."""

    def generate(_context, builder, _signature, arguments):
        return builder.load_atomic(builder.gep(arguments[0], [arguments[1]]), "acquire", _BYTES)

    return types.int64(numbers, place), generate


@intrinsic
def publish(_context, numbers, place, value):  # noqa: ARG001
    """Set a number."""

    def generate(context, builder, _signature, arguments):
        pointer = builder.gep(arguments[0], [arguments[1]])
        builder.store_atomic(arguments[2], pointer, "release", _BYTES)
        return context.get_dummy_value()

    return types.void(numbers, place, types.int64), generate


@intrinsic
def claim(_context, numbers, place, expected, value):  # noqa: ARG001
    """Set a number if it is what is expected; tell whether it was."""

    def generate(_context, builder, _signature, arguments):
        pointer = builder.gep(arguments[0], [arguments[1]])
        outcome = builder.cmpxchg(pointer, arguments[2], arguments[3], "acq_rel", "acquire")
        return builder.extract_value(outcome, 1)

    return types.boolean(numbers, place, types.int64, types.int64), generate


@intrinsic
def add(_context, numbers, place, value):  # noqa: ARG001
    """Add to a number."""

    def generate(context, builder, _signature, arguments):
        builder.atomic_rmw("add", builder.gep(arguments[0], [arguments[1]]), arguments[2], "acq_rel")
        return context.get_dummy_value()

    return types.void(numbers, place, types.int64), generate


@intrinsic
def pause(_context):
    """Tell the processor that this thread only waits."""

    def generate(context, builder, _signature, _arguments):
        _write_pause(builder)
        return context.get_dummy_value()

    return types.void(), generate


def _write_pause(builder: Any) -> None:
    if _PROCESSOR == "x86_64":
        kind = ir.FunctionType(ir.VoidType(), [])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])
    elif _PROCESSOR in ("aarch64", "arm64"):
        kind = ir.FunctionType(ir.VoidType(), [_INT32])
        hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.aarch64.hint")
        builder.call(hint, [ir.Constant(_INT32, 1)])
