"""Vector registers: loads, stores and arithmetic of several neighbouring elements, in LLVM's portable vectors."""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils

_FEATURES = llvm.get_host_cpu_features()
VECTOR_BYTES = 64 if _FEATURES.get("avx512f") else 32 if _FEATURES.get("avx") else 16  # width of a register

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_FUSED = ("contract",)


def lanes_of(dtype: types.Float) -> int:
    """Return how many elements one register holds."""
    return int(VECTOR_BYTES * 8 // dtype.bitwidth)


def at(builder: Any, pointer: Any, index: int | Any, stride: int | Any = 1) -> Any:
    """Return the address of element index * stride."""
    index, stride = (ir.Constant(_INT64, n) if isinstance(n, int) else n for n in (index, stride))
    return builder.gep(pointer, [builder.mul(index, stride)])


class Vectors:
    """Writes loads, stores and arithmetic of vectors of one element type.

    Args:
        builder: writes the instructions.
        dtype: of the elements.
        part: 1 for vectors that fill a register, 2 for half as many elements.
    """

    def __init__(self, builder: Any, dtype: types.Float, part: int = 1) -> None:
        self.builder = builder
        self.scalar = ir.FloatType() if dtype == types.float32 else ir.DoubleType()
        self.lanes = lanes_of(dtype) // part
        self.type = ir.VectorType(self.scalar, self.lanes)
        self.zero = ir.Constant(self.type, None)
        self._suffix = f"v{self.lanes}f{dtype.bitwidth}.p0"
        self._alignment = dtype.bitwidth // 8

    def mask(self, columns: Any, first: int) -> Any:
        """Return which elements, the first of them being column `first`, are among the first `columns`."""
        numbers = ir.VectorType(_INT64, self.lanes)
        lane_columns = ir.Constant(numbers, [first + lane for lane in range(self.lanes)])
        return self.builder.icmp_signed("<", lane_columns, self._splat(columns, numbers))

    def load(self, pointer: Any, mask: Any = None) -> Any:
        """Return what lies at an address; 0 where the mask is false."""
        pointer = self.builder.bitcast(pointer, self.type.as_pointer())
        if mask is None:
            return self.builder.load(pointer, align=self._alignment)
        kind = ir.FunctionType(self.type, [pointer.type, _INT32, mask.type, self.type])
        return self._call("masked.load", kind, [pointer, self._align_constant(), mask, self.zero])

    def store(self, vector: Any, pointer: Any, mask: Any = None) -> None:
        """Write a vector to an address, but for what the mask leaves out."""
        pointer = self.builder.bitcast(pointer, self.type.as_pointer())
        if mask is None:
            self.builder.store(vector, pointer, align=self._alignment)
            return
        kind = ir.FunctionType(ir.VoidType(), [self.type, pointer.type, _INT32, mask.type])
        self._call("masked.store", kind, [vector, pointer, self._align_constant(), mask])

    def splat(self, value: Any) -> Any:
        """Return a vector all of whose elements are one value."""
        return self._splat(value, self.type)

    def multiply_add(self, a: Any, b: Any, total: Any) -> Any:
        """Return total + a * b, fused where the machine can."""
        return self.builder.fadd(total, self.builder.fmul(a, b, flags=_FUSED), flags=_FUSED)

    def shuffle(self, a: Any, b: Any, chosen: list[int]) -> Any:
        """Return lanes chosen from a (0 ...) and b (lanes ...)."""
        return self.builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(_INT32, self.lanes), chosen))

    def _splat(self, value: Any, kind: Any) -> Any:
        undefined = ir.Constant(kind, ir.Undefined)
        single = self.builder.insert_element(undefined, value, ir.Constant(_INT32, 0))
        return self.builder.shuffle_vector(single, undefined, ir.Constant(ir.VectorType(_INT32, self.lanes), None))

    def _align_constant(self) -> Any:
        return ir.Constant(_INT32, self._alignment)

    def _call(self, name: str, kind: Any, arguments: list[Any]) -> Any:
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.{name}.{self._suffix}")
        return self.builder.call(function, arguments)
