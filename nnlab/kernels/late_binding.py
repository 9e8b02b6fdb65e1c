"""Calls of compiled functions by their address, so that each piece is compiled alone, once, and only if it is used.

A kernel that calls another directly holds a copy of its machine code, which LLVM optimises anew in every caller; a
choice among thirty activations would be compiled thirty times over before the first step. So the functions of a piece
are compiled for a fixed signature, an `Interface`, and kernels find their addresses in the arrays they work on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError
from numba.extending import intrinsic, overload

Signature = tuple[types.Type, ...]

_PLAIN_FUNCTIONS: list[Callable[..., Any]] = []  # where nothing is compiled, an address is a place in this list


class Interface:
    """What all functions of one kind take and return.

    Args:
        signature: gives the types of the arguments for "float32" or "float64".
        returns: the type of the result.

    Attributes:
        call: ``call(address, arguments)`` calls the function at an address, from compiled code or from Python;
            `arguments` is a tuple.
    """

    def __init__(self, signature: Callable[[str], Signature], returns: types.Type = types.void) -> None:
        self._signature, self._returns = cache(signature), returns
        self.address = cache(self._address)
        self.call = self._caller()

    def _address(self, function: Callable[..., Any], dtype: str) -> int:
        """Compile a function for this interface, or load it from disk; return where its machine code lies."""
        if not isinstance(function, Dispatcher):
            _PLAIN_FUNCTIONS.append(function)
            return len(_PLAIN_FUNCTIONS) - 1
        signature = self._signature(dtype)
        function.compile(signature)
        compiled = function.overloads[signature]
        if compiled.signature.return_type != self._returns:
            raise TypeError(f"{function} returns {compiled.signature.return_type}, not {self._returns}")
        return int(compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name))

    def _caller(self) -> Callable[[int, tuple[Any, ...]], Any]:
        jump = _jump(self)

        def call(address: int, arguments: tuple[Any, ...]) -> Any:
            return _PLAIN_FUNCTIONS[address](*arguments)

        @overload(call)
        def _overload_call(address, arguments):  # noqa: ARG001
            return lambda address, arguments: jump(address, arguments)

        return call

    def check(self, arguments: Signature) -> None:
        """Refuse to compile a call whose arguments are laid out in memory otherwise than the function expects."""
        if arguments not in (self._signature("float32"), self._signature("float64")):
            raise TypingError(f"{arguments} are not the arguments of this interface: {self._signature('float32')}")


def _jump(interface: Interface) -> Any:
    """Return the instruction: a call, in Numba's own calling convention, of an address known at run time."""

    @intrinsic
    def jump(_context: Any, address: Any, arguments: Any) -> Any:
        signature, returns = tuple(arguments.types), interface._returns  # noqa: SLF001
        interface.check(signature)

        def generate(context: Any, builder: ir.IRBuilder, _signature: Any, values: Any) -> Any:
            convention = context.call_conv
            pointer = builder.inttoptr(values[0], convention.get_function_type(returns, signature).as_pointer())
            unpacked = [builder.extract_value(values[1], i) for i in range(len(signature))]
            _, result = convention.call_function(builder, pointer, returns, signature, unpacked)
            return context.get_dummy_value() if returns == types.void else result

        return returns(address, arguments), generate

    return jump


def scalar_type(dtype: str) -> types.Type:
    """Return Numba's type of a number."""
    return types.float32 if np.dtype(dtype) == np.float32 else types.float64
