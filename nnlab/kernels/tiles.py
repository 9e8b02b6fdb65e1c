"""Blocks of matrices held in vector registers, written as vector instructions: what a compiler does not find by itself.

`register_tile(rows, parts)` multiplies: ``C[r, :] = sum over k of A[r, k] * B[k, :]`` for a few rows r and as many
columns as a few registers hold. All partial sums stay in registers; each step k loads one row of B and adds A[r, k]
times it to every row. Each sum runs over k in order with fused multiply-adds, so that its bits do not depend on the
shape of the tile or on the width of the registers.

`transpose_tile()` transposes a square block, as wide as one register, by exchanging ever smaller sub-blocks.

The design is that of the micro-kernel of Goto and van de Geijn 2008, in LLVM's portable vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate, product
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from nnlab.kernels.addresses import EVERYWHERE, write_prefetch
from nnlab.kernels.vectors import VECTOR_BYTES, Vectors, at, lanes_of

TILE_ROWS = {64: 8, 32: 6, 16: 4}[VECTOR_BYTES]  # of two registers each, which leave some free for B and A
_AHEAD = 12  # rows: so far ahead a tile that copies B begins to fetch it, as each row may lie far from the last

_INT64 = ir.IntType(64)


@intrinsic
def lanes(_typing, pointer):
    """Return how many elements one vector register holds."""

    def generate(_context, _builder, signature, _arguments):
        return ir.Constant(_INT64, lanes_of(signature.args[0].dtype))

    return types.intp(pointer), generate


def register_tile(rows: int, parts: tuple[int, ...], *, masked: bool, copies: bool = False) -> Callable[..., Any]:
    """Return ``tile(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)``.

    a, b, c are addresses; a_row, a_column, b_row and c_row are the distances, in elements, of neighbouring rows and
    columns; depth must be at least 1. A tile that copies leaves each row of B that it has read at the address `copy`,
    in as many registers as there are parts.

    Args:
        rows: of the tile.
        parts: the width of a row: 1 for each register that is filled, 2 for one of which half is.
        masked: whether only the first `columns` are read and written; if not, all that the row holds are.
        copies: whether it does.
    """

    @intrinsic
    def tile(_typing, a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy):
        def generate(_context, builder, signature, arguments):
            row = _Row(builder, signature.args[0].dtype, parts, arguments[-2] if masked else None)
            _generate_tile(builder, rows, row, arguments, copies=copies)

        return types.void(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy), generate

    return tile  # type: ignore[no-any-return]


def copy_of(elements: int) -> Callable[..., Any]:
    """Return ``copy(source, target)``, which copies so many neighbouring elements at once."""

    @intrinsic
    def copy(_typing, source, target):
        def generate(context, builder, signature, arguments):
            dtype = signature.args[0].dtype
            kind = ir.VectorType(context.get_value_type(dtype), elements).as_pointer()
            source, target = (builder.bitcast(argument, kind) for argument in arguments)
            builder.store(builder.load(source, align=dtype.bitwidth // 8), target, align=dtype.bitwidth // 8)
            return context.get_dummy_value()

        return types.void(source, target), generate

    return copy  # type: ignore[no-any-return]


@intrinsic
def transpose_tile(_typing, source, source_row, target, target_row):
    """Write the transpose of a square block, one register wide and high, at `source` to `target`."""

    def generate(_context, builder, signature, arguments):
        vectors = Vectors(builder, signature.args[0].dtype)
        source, source_row, target, target_row = arguments
        block = [vectors.load(at(builder, source, i, source_row)) for i in range(vectors.lanes)]
        for row, vector in enumerate(_transposed(vectors, block)):
            vectors.store(vector, at(builder, target, row, target_row))

    return types.void(source, source_row, target, target_row), generate


class _Row:
    """One row of a tile: some vectors side by side, of which only so many columns may be wanted."""

    def __init__(self, builder: Any, dtype: types.Float, parts: tuple[int, ...], columns: Any) -> None:
        self._builder, self._register = builder, lanes_of(dtype)
        self.vectors = [Vectors(builder, dtype, part) for part in parts]
        self._first = [0, *accumulate(v.lanes for v in self.vectors)][:-1]
        pieces = zip(self.vectors, self._first, strict=True)
        self._masks = [None if columns is None else v.mask(columns, first) for v, first in pieces]

    def load(self, pointer: Any) -> list[Any]:
        return [v.load(place, mask) for v, place, mask in self._places(pointer)]

    def store(self, values: list[Any], pointer: Any) -> None:
        for value, (v, place, mask) in zip(values, self._places(pointer), strict=True):
            v.store(value, place, mask)

    def copy(self, values: list[Any], pointer: Any, k: Any) -> None:
        """Store a row, all that its vectors hold, as the k-th of a copy."""
        pointer = at(self._builder, pointer, k, self._register * len(self.vectors))
        for value, (v, place, _) in zip(values, self._places(pointer), strict=True):
            v.store(value, place)

    def prefetch(self, pointer: Any) -> None:
        for _, place, _ in self._places(pointer):
            write_prefetch(self._builder, place, EVERYWHERE)

    def _places(self, pointer: Any) -> list[tuple[Vectors, Any, Any]]:
        places = [at(self._builder, pointer, first) for first in self._first]
        return list(zip(self.vectors, places, self._masks, strict=True))


def _generate_tile(builder: Any, rows: int, row: _Row, arguments: Any, *, copies: bool) -> None:
    """Write the loop over k with all sums in registers, then the stores."""
    a, a_row, a_column, b, b_row, c, c_row, depth, _, copy = arguments
    pieces = range(len(row.vectors))
    zeros = {(r, i): row.vectors[i].zero for r, i in product(range(rows), pieces)}
    with _loop(builder, depth, zeros) as (k, totals):
        b_k = at(builder, b, k, b_row)
        row_of_b = row.load(b_k)
        if copies:
            row.copy(row_of_b, copy, k)
            row.prefetch(at(builder, b_k, _AHEAD, b_row))
        a_k = at(builder, a, k, a_column)
        for r in range(rows):
            factor = builder.load(at(builder, a_k, r, a_row))
            for i in pieces:
                v = row.vectors[i]
                totals[r, i] = v.multiply_add(v.splat(factor), row_of_b[i], totals[r, i])
    for r in range(rows):
        row.store([totals[r, i] for i in pieces], at(builder, c, r, c_row))


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


def _transposed(v: Vectors, block: list[Any]) -> list[Any]:
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
