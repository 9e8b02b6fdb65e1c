"""Subnormal numbers, below 1.2e-38 in float32, are taken as 0 while a kernel runs.

Processors may need a hundred cycles for an operation on one, and training makes many: the velocity of a weight whose
gradient has become 0 shrinks until it is subnormal, and stays so for ever. The mode belongs to the thread; it is set
back when the kernel returns. On other processors than x86-64 and 64-bit ARM nothing changes.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_PROCESSOR = llvm.get_process_triple().partition("-")[0]
_X86, _ARM = ("x86_64",), ("aarch64", "arm64")
_X86_BITS = 1 << 15 | 1 << 6  # of the register MXCSR: subnormal results, and subnormal operands
_ARM_BITS = 1 << 24  # of the register FPCR: both


def flush_subnormals() -> int:
    """Take subnormal numbers as 0 in this thread from now on; return the mode before, for `restore_mode`."""
    return 0


def restore_mode(mode: int) -> None:
    """Go back to a mode that `flush_subnormals` has returned."""


@intrinsic
def _flush(_context):
    def generate(_context, builder, _signature, _arguments):
        before = _read(builder)
        _write(builder, builder.or_(before, ir.Constant(_INT64, _ARM_BITS if _PROCESSOR in _ARM else _X86_BITS)))
        return before

    return types.int64(), generate


@intrinsic
def _restore(_context, mode):
    def generate(context, builder, _signature, arguments):
        _write(builder, arguments[0])
        return context.get_dummy_value()

    return types.void(mode), generate


@overload(flush_subnormals)
def _overload_flush_subnormals():
    return lambda: _flush()


@overload(restore_mode)
def _overload_restore_mode(mode):  # noqa: ARG001
    return lambda mode: _restore(mode)


def _read(builder: Any) -> Any:
    """Write the instruction that reads the register of the floating-point mode."""
    if _PROCESSOR in _X86:
        place = cgutils.alloca_once(builder, _INT32)
        builder.call(_instruction(builder, "x86.sse.stmxcsr", ir.VoidType(), place.type), [place])
        return builder.zext(builder.load(place), _INT64)
    if _PROCESSOR in _ARM:
        return builder.call(_instruction(builder, "aarch64.get.fpcr", _INT64), [])
    return ir.Constant(_INT64, 0)


def _write(builder: Any, mode: Any) -> None:
    """Write the instruction that sets the register of the floating-point mode."""
    if _PROCESSOR in _X86:
        place = cgutils.alloca_once_value(builder, builder.trunc(mode, _INT32))
        builder.call(_instruction(builder, "x86.sse.ldmxcsr", ir.VoidType(), place.type), [place])
    elif _PROCESSOR in _ARM:
        builder.call(_instruction(builder, "aarch64.set.fpcr", ir.VoidType(), _INT64), [mode])


def _instruction(builder: Any, name: str, returns: Any, *takes: Any) -> Any:
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(returns, takes), f"llvm.{name}")
