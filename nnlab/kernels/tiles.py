"""Blocks of matrices held in vector registers, written as vector instructions: what a compiler does not find by itself.

`register_tile(rows, vectors, masked)` multiplies: ``C[r, :] = sum over k of A[r, k] * B[k, :]`` for a few rows r and as
many columns as `vectors` vector registers hold. All partial sums stay in registers; each step k loads one vector row
of B and adds A[r, k] times it to every row. Each sum runs over k in order with fused multiply-adds, so that its bits do
not depend on the shape of the tile or on the width of the registers.

`transpose_tile()` transposes a square block, as wide as one register, by exchanging ever smaller sub-blocks.

The design is that of the micro-kernel of Goto and van de Geijn 2008, in LLVM's portable vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

# Width of a vector register in bytes, and the rows of a tile of two vectors that leave registers free for B and A.
_FEATURES = llvm.get_host_cpu_features()
if _FEATURES.get("avx512f"):
    VECTOR_BYTES, TILE_ROWS = 64, 8
elif _FEATURES.get("avx"):
    VECTOR_BYTES, TILE_ROWS = 32, 6
else:
    VECTOR_BYTES, TILE_ROWS = 16, 4

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)
_FUSED = ("contract",)


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


@intrinsic
def lanes(_typing, pointer):
    """Return how many elements one vector register holds."""

    def generate(_context, _builder, signature, _arguments):
        return ir.Constant(_INT64, _lanes(signature.args[0].dtype))

    return types.intp(pointer), generate


@intrinsic
def prefetch(_typing, pointer):
    """Begin to fetch the cache line at an address, which may be any, into the cache."""

    def generate(context, builder, _signature, arguments):
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, _INT32, _INT32, _INT32])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        options = [ir.Constant(_INT32, value) for value in (0, 3, 1)]  # to read, keep in all caches, data
        builder.call(function, [builder.bitcast(arguments[0], byte), *options])
        return context.get_dummy_value()

    return types.void(pointer), generate


def register_tile(rows: int, vectors: int, *, masked: bool) -> Callable[..., Any]:
    """Return ``tile(a, a_row, a_column, b, b_row, c, c_row, depth, columns)``.

    a, b, c are addresses; a_row, a_column, b_row and c_row are the distances, in elements, of neighbouring rows and
    columns. A masked tile reads and writes only the first `columns`; one that is not, all that its vectors hold.
    depth must be at least 1.
    """

    @intrinsic
    def tile(_typing, a, a_row, a_column, b, b_row, c, c_row, depth, columns):
        def generate(_context, builder, signature, arguments):
            _generate_tile(_Vectors(builder, signature.args[0].dtype), rows, vectors, arguments, masked=masked)

        return types.void(a, a_row, a_column, b, b_row, c, c_row, depth, columns), generate

    return tile  # type: ignore[no-any-return]


def copy_of(elements: int | None = None) -> Callable[..., Any]:
    """Return ``copy(source, target)``, which copies neighbouring elements at once; by default one register of them."""

    @intrinsic
    def copy(_typing, source, target):
        def generate(context, builder, signature, arguments):
            dtype = signature.args[0].dtype
            kind = ir.VectorType(context.get_value_type(dtype), elements or _lanes(dtype)).as_pointer()
            source, target = (builder.bitcast(argument, kind) for argument in arguments)
            builder.store(builder.load(source, align=dtype.bitwidth // 8), target, align=dtype.bitwidth // 8)
            return context.get_dummy_value()

        return types.void(source, target), generate

    return copy  # type: ignore[no-any-return]


@intrinsic
def transpose_tile(_typing, source, source_row, target, target_row):
    """Write the transpose of a square block, one register wide and high, at `source` to `target`."""

    def generate(_context, builder, signature, arguments):
        vectors = _Vectors(builder, signature.args[0].dtype)
        source, source_row, target, target_row = arguments
        block = [vectors.load(vectors.at(source, source_row, i)) for i in range(vectors.lanes)]
        for row, vector in enumerate(_transposed(vectors, block)):
            vectors.store(vector, vectors.at(target, target_row, row))

    return types.void(source, source_row, target, target_row), generate


class _Vectors:
    """Writes loads, stores and arithmetic of whole registers of one element type."""

    def __init__(self, builder: Any, dtype: types.Float) -> None:
        self.builder = builder
        self.scalar = ir.FloatType() if dtype == types.float32 else ir.DoubleType()
        self.lanes = _lanes(dtype)
        self.type = ir.VectorType(self.scalar, self.lanes)
        self.zero = ir.Constant(self.type, None)
        self._suffix = f"v{self.lanes}f{dtype.bitwidth}.p0"
        self._alignment = dtype.bitwidth // 8

    def at(self, pointer: Any, stride: Any, index: int | Any) -> Any:
        """Return the address of element index * stride."""
        count = ir.Constant(_INT64, index) if isinstance(index, int) else index
        return self.builder.gep(pointer, [self.builder.mul(stride, count)])

    def mask(self, columns: Any, first: int) -> Any:
        """Return which lanes, the first of them being column `first`, are among the first `columns`."""
        numbers = ir.VectorType(_INT64, self.lanes)
        lane_columns = ir.Constant(numbers, [first + lane for lane in range(self.lanes)])
        return self.builder.icmp_signed("<", lane_columns, self._splat(columns, numbers))

    def load(self, pointer: Any, mask: Any = None) -> Any:
        pointer = self.builder.bitcast(pointer, self.type.as_pointer())
        if mask is None:
            return self.builder.load(pointer, align=self._alignment)
        kind = ir.FunctionType(self.type, [pointer.type, _INT32, mask.type, self.type])
        return self._call("masked.load", kind, [pointer, self._align_constant(), mask, self.zero])

    def store(self, vector: Any, pointer: Any, mask: Any = None) -> None:
        pointer = self.builder.bitcast(pointer, self.type.as_pointer())
        if mask is None:
            self.builder.store(vector, pointer, align=self._alignment)
            return
        kind = ir.FunctionType(ir.VoidType(), [self.type, pointer.type, _INT32, mask.type])
        self._call("masked.store", kind, [vector, pointer, self._align_constant(), mask])

    def broadcast(self, pointer: Any) -> Any:
        """Load one element into all lanes."""
        return self._splat(self.builder.load(pointer), self.type)

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


def _lanes(dtype: types.Float) -> int:
    return int(VECTOR_BYTES * 8 // dtype.bitwidth)


def _generate_tile(v: _Vectors, rows: int, vectors: int, arguments: Any, *, masked: bool) -> None:
    """Write the loop over k with all sums in registers, then the stores."""
    a, a_row, a_column, b, b_row, c, c_row, depth, columns = arguments
    masks = [v.mask(columns, i * v.lanes) if masked else None for i in range(vectors)]
    sums = dict.fromkeys(product(range(rows), range(vectors)), v.zero)
    with _loop(v.builder, depth, sums) as (k, totals):
        b_k = v.at(b, b_row, k)
        row_of_b = [v.load(_further(v, b_k, i * v.lanes), masks[i]) for i in range(vectors)]
        a_k = v.at(a, a_column, k)
        for r in range(rows):
            factor = v.broadcast(v.at(a_k, a_row, r))
            for i in range(vectors):
                totals[r, i] = v.multiply_add(factor, row_of_b[i], totals[r, i])
    for (r, i), total in totals.items():
        v.store(total, _further(v, v.at(c, c_row, r), i * v.lanes), masks[i])


def _further(v: _Vectors, pointer: Any, elements: int) -> Any:
    return v.builder.gep(pointer, [ir.Constant(_INT64, elements)])


class _loop:  # noqa: N801 - reads as the statement that it writes
    """Write a loop over 0 ... count - 1 that carries values in registers; count must be at least 1."""

    def __init__(self, builder: Any, count: Any, start: dict[Any, Any]) -> None:
        self._builder, self._count, self._start = builder, count, start

    def __enter__(self) -> tuple[Any, dict[Any, Any]]:
        before = self._builder.block
        self._body = self._builder.append_basic_block("tile")
        self._builder.branch(self._body)
        self._builder.position_at_end(self._body)
        self._index = self._builder.phi(_INT64)
        self._index.add_incoming(ir.Constant(_INT64, 0), before)
        self._carried = {key: self._builder.phi(value.type) for key, value in self._start.items()}
        for key, value in self._start.items():
            self._carried[key].add_incoming(value, before)
        self._values = dict(self._carried)
        return self._index, self._values

    def __exit__(self, *_: object) -> None:
        following = self._builder.add(self._index, ir.Constant(_INT64, 1))
        self._index.add_incoming(following, self._body)
        for key, value in self._values.items():
            self._carried[key].add_incoming(value, self._body)
        after = self._builder.append_basic_block("tile_end")
        self._builder.cbranch(self._builder.icmp_signed("<", following, self._count), self._body, after)
        self._builder.position_at_end(after)


def _transposed(v: _Vectors, block: list[Any]) -> list[Any]:
    """Exchange the off-diagonal halves of the block, then of its quarters, and so on."""
    half = v.lanes // 2
    while half:
        for i in (row for row in range(v.lanes) if not row & half):
            upper, lower = block[i], block[i + half]
            kept = range(v.lanes)
            block[i] = v.shuffle(upper, lower, [j + v.lanes - half if j & half else j for j in kept])
            block[i + half] = v.shuffle(upper, lower, [j + v.lanes if j & half else j + half for j in kept])
        half //= 2
    return block
