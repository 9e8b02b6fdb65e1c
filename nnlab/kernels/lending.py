"""Values that one thread lends to others while it waits for them: a copy stands on a board.

References to what is lent are not counted: nobody may use it when the lender goes on. Where nothing is compiled, a
board is an array of whole numbers, and other values are kept beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from nnlab.kernels.late_binding import Signature

_BYTES = 8  # of a number on a board
_LENT: dict[tuple[int, int], Any] = {}


def lending(types_of: Callable[[str], Signature], room: int) -> tuple[Callable[..., None], Callable[..., Any]]:
    """Return ``lend(board, place, value)`` and ``borrow(board, place, like)`` for values of one kind.

    Args:
        types_of: gives the types of a kind's values, one, for "float32" or "float64".
        room: how many numbers of the board, from the place on, the value may take.

    The address of an array of numbers, `like`, tells of which dtype the value is.
    """

    @intrinsic
    def lend(_context: Any, board: Any, place: Any, value: Any) -> Any:
        if (value,) not in (types_of("float32"), types_of("float64")):
            raise TypingError(f"{value} is not what can be lent: {types_of('float32')}")

        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(signature.args[2])
            if context.get_abi_sizeof(kind) > room * _BYTES:
                raise TypingError(f"{value} takes more than {room} numbers of a board")
            builder.store(arguments[2], _at(builder, arguments, kind), align=_BYTES)
            return context.get_dummy_value()

        return types.void(board, place, value), generate

    @intrinsic
    def borrow(_context: Any, board: Any, place: Any, like: Any) -> Any:
        (kind,) = types_of(np.dtype(str(like.dtype)).name)

        def generate(context: Any, builder: ir.IRBuilder, _signature: Any, arguments: Any) -> Any:
            return builder.load(_at(builder, arguments, context.get_value_type(kind)), align=_BYTES)

        return kind(board, place, like), generate

    return (_lend, _borrow) if numba.config.DISABLE_JIT else (lend, borrow)


def _lend(board: Any, place: int, value: Any) -> None:
    _LENT[_key(board, place)] = value


def _borrow(board: Any, place: int, like: Any) -> Any:  # noqa: ARG001
    return _LENT[_key(board, place)]


def _key(board: Any, place: int) -> tuple[int, int]:
    return int(board.ctypes.data), place


def _at(builder: ir.IRBuilder, arguments: Any, kind: ir.Type) -> Any:
    """Return the address of a value that stands on a board, from arguments that begin with the board and a place."""
    return builder.bitcast(builder.gep(arguments[0], [arguments[1]]), kind.as_pointer())
