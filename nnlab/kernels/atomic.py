"""Numbers that several threads change: operations that no other thread sees half done.

A number is given by the address of an array of int64 and its place there. What a thread wrote before `publish`, `claim`
or `add` is seen by every thread that has read the number since. Where nothing is compiled, a lock does the same.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_BYTES = 8
_LOCK = threading.Lock()


def read(numbers: Any, place: int) -> int:
    """Return a number."""
    return int(numbers[place])


def publish(numbers: Any, place: int, value: int) -> None:
    """Set a number."""
    with _LOCK:
        numbers[place] = value


def claim(numbers: Any, place: int, expected: int, value: int) -> bool:
    """Set a number if it is what is expected; tell whether it was."""
    with _LOCK:
        is_expected = bool(numbers[place] == expected)
        numbers[place] = value if is_expected else numbers[place]
    return is_expected


def add(numbers: Any, place: int, value: int) -> None:
    """Add to a number."""
    with _LOCK:
        numbers[place] += value


def give_way() -> None:
    """Let another thread have this core, if one waits for it: perhaps the one that is waited for."""
    time.sleep(0)


@intrinsic
def _read(_context, numbers, place):

    def generate(_context, builder, _signature, arguments):
        return builder.load_atomic(builder.gep(arguments[0], [arguments[1]]), "acquire", _BYTES)

    return types.int64(numbers, place), generate


@intrinsic
def _publish(_context, numbers, place, value):  # noqa: ARG001

    def generate(context, builder, _signature, arguments):
        pointer = builder.gep(arguments[0], [arguments[1]])
        builder.store_atomic(arguments[2], pointer, "release", _BYTES)
        return context.get_dummy_value()

    return types.void(numbers, place, types.int64), generate


@intrinsic
def _claim(_context, numbers, place, expected, value):  # noqa: ARG001

    def generate(_context, builder, _signature, arguments):
        pointer = builder.gep(arguments[0], [arguments[1]])
        outcome = builder.cmpxchg(pointer, arguments[2], arguments[3], "acq_rel", "acquire")
        return builder.extract_value(outcome, 1)

    return types.boolean(numbers, place, types.int64, types.int64), generate


@intrinsic
def _add(_context, numbers, place, value):  # noqa: ARG001

    def generate(context, builder, _signature, arguments):
        builder.atomic_rmw("add", builder.gep(arguments[0], [arguments[1]]), arguments[2], "acq_rel")
        return context.get_dummy_value()

    return types.void(numbers, place, types.int64), generate


@intrinsic
def _give_way(_context):
    def generate(context, builder, _signature, _arguments):
        if os.name == "posix":
            kind = ir.FunctionType(_INT32, [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return context.get_dummy_value()

    return types.void(), generate


if not numba.config.DISABLE_JIT:
    read, publish, claim, add, give_way = _read, _publish, _claim, _add, _give_way
