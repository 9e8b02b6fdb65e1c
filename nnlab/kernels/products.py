"""Matrix products: C = A @ B for matrices of any size, of which A and B may be transposed views.

B is cut into panels of two registers' width, each of which is multiplied by all of A, a few rows at a time. A panel
that does not lie in memory row by row (B is transposed), or whose rows lie so far apart that they fight for the same
places of the cache, is first copied into a buffer; for the same reason rows of a transposed A are, block by block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import overload

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.shared_products import is_worth_sharing, share_product
from nnlab.kernels.tiles import TILE_ROWS, VECTOR_BYTES, address, copy_of, lanes, moved, register_tile, transpose_tile

_VECTORS = 2  # a panel's width in registers
_BLOCK_ROWS = 192  # rows of a transposed A that are copied at a time
_DEEPEST = 1024  # columns of A up to which they are
_FAR_APART = 256  # elements between rows from which on they are copied


def panel_size(depth: int, dtype: np.dtype) -> int:
    """Return how many elements the buffer takes: for a panel of a B with `depth` rows, and a block of rows of A."""
    return depth * _VECTORS * VECTOR_BYTES // dtype.itemsize + min(depth, _DEEPEST) * _BLOCK_ROWS


_call = interfaces.PRODUCTS.call


def multiply(a: Any, b: Any, c: Any, memory: Any) -> None:  # noqa: ARG001
    """Write a @ b, (m, k) times (k, n), to c.

    Args:
        a: (m, k), any strides.
        b: (k, n), or the transposed view of a matrix (n, k) that is.
        c: (m, n), row by row.
        memory: a `nnlab.kernels.structures.Memory` whose panel has at least `panel_size(k)` elements.

    Threads that help take parts of large products.
    """
    c[:] = a @ b


@overload(multiply)
def _overload_multiply(a, b, c, memory):  # noqa: ARG001
    def compiled(a, b, c, memory):
        size = a.itemsize
        operands = (
            address(a, 0),
            a.strides[0] // size,
            a.strides[1] // size,
            address(b, 0),
            b.strides[0] // size,
            b.strides[1] // size,
            address(c, 0),
            c.shape[1],
            c.shape[0],
            c.shape[1],
            b.shape[0],
            memory.panel,
        )
        if is_worth_sharing(c.shape[0], c.shape[1], b.shape[0], memory.helpers):
            share_product(memory.product, memory.part_of_product, operands, memory.board)
        else:
            _call(memory.product, operands)

    return compiled


@entry_point
def product(a, a_row, a_column, b, b_row, b_column, c, c_row, m, n, depth, panel):
    """Multiply block by block; all matrices are given by addresses and strides in elements."""
    width = _VECTORS * lanes(b)
    copies = a_row == 1 and a_column >= _FAR_APART and n > width and depth <= _DEEPEST
    block = _BLOCK_ROWS if copies else m
    for first in range(0, m, block):
        rows, c_block = min(block, m - first), moved(c, first * c_row)
        if copies:
            copy = moved(panel, depth * width)
            _copy_rows(moved(a, first), a_column, rows, depth, copy)
            a_block = (copy, 1, TILE_ROWS, TILE_ROWS * depth)
        else:
            a_block = (a, a_row, a_column, TILE_ROWS * a_row)
        _multiply_block(a_block, (b, b_row, b_column), (c_block, c_row), (rows, n, depth), panel)


@kernel
def _multiply_block(a, b, c, sizes, panel):
    """Multiply a block of rows of A with all of B, panel by panel."""
    (b, b_row, b_column), (c, c_row), (rows, n, depth) = b, c, sizes
    width = _VECTORS * lanes(b)
    copies = b_column != 1 or b_row >= _FAR_APART
    for first in range(0, n, width):
        columns = min(width, n - first)
        b_panel, panel_row = moved(b, first * b_column), b_row
        if copies:
            _copy_panel(b_panel, b_row, b_column, depth, columns, panel)
            b_panel, panel_row = panel, width
        _multiply_panel(a, b_panel, panel_row, moved(c, first), c_row, rows, depth, columns)


@kernel
def _multiply_panel(a, b, b_row, c, c_row, rows, depth, columns):
    """Multiply a block of rows of A with one panel, in tiles of as many rows as registers allow, then of fewer."""
    a, a_row, a_column, a_tile = a
    i = 0
    while i + TILE_ROWS <= rows:
        _tallest(
            moved(a, i // TILE_ROWS * a_tile), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns
        )
        i += TILE_ROWS
    a = moved(a, i // TILE_ROWS * a_tile - i * a_row)
    while i + 4 <= rows:
        _four(moved(a, i * a_row), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns)
        i += 4
    while i < rows:
        _one(moved(a, i * a_row), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns)
        i += 1


def _tile(rows: int) -> Any:
    """Return a tile of some rows which is as wide as the panel's columns need."""
    full = register_tile(rows, _VECTORS, masked=False)
    wide = register_tile(rows, _VECTORS, masked=True)
    narrow = register_tile(rows, 1, masked=True)

    @kernel
    def tile(a, a_row, a_column, b, b_row, c, c_row, depth, columns):
        if columns == _VECTORS * lanes(b):
            full(a, a_row, a_column, b, b_row, c, c_row, depth, columns)
        elif columns > lanes(b):
            wide(a, a_row, a_column, b, b_row, c, c_row, depth, columns)
        else:
            narrow(a, a_row, a_column, b, b_row, c, c_row, depth, columns)

    return tile


_tallest, _four, _one = _tile(TILE_ROWS), _tile(4), _tile(1)


_copy_column, _copy_register = copy_of(TILE_ROWS), copy_of()


@kernel
def _copy_rows(a, a_column, rows, depth, copy):
    """Copy a block of rows of A, which lie side by side, to a buffer where each tile's elements follow one another."""
    whole = rows // TILE_ROWS * TILE_ROWS
    for tile in range(0, whole, TILE_ROWS):
        for k in range(depth):
            _copy_column(moved(a, k * a_column + tile), moved(copy, tile * depth + k * TILE_ROWS))
    for k in range(depth):
        for r in range(rows - whole):
            copy[whole * depth + k * TILE_ROWS + r] = a[k * a_column + whole + r]


@kernel
def _copy_panel(b, b_row, b_column, depth, columns, panel):
    """Copy a panel of B, (depth, columns), to a buffer whose rows are as wide as a panel."""
    width = _VECTORS * lanes(b)
    if b_column == 1 and columns == width:
        for k in range(depth):
            for j in range(0, width, lanes(b)):
                _copy_register(moved(b, k * b_row + j), moved(panel, k * width + j))
    elif b_column == 1:
        for k in range(depth):
            for j in range(columns):
                panel[k * width + j] = b[k * b_row + j]
    else:
        _transpose_panel(b, b_row, b_column, depth, columns, panel, width)


@kernel
def _transpose_panel(b, b_row, b_column, depth, columns, panel, width):
    """Copy a panel that lies column by column: whole square blocks in registers, the rest one by one."""
    block = lanes(b)
    whole_k = depth // block * block if b_row == 1 else 0
    whole_j = columns // block * block
    for k in range(0, whole_k, block):
        for j in range(0, whole_j, block):
            transpose_tile(moved(b, k + j * b_column), b_column, moved(panel, k * width + j), width)
    for j in range(columns):
        for k in range(whole_k if j < whole_j else 0, depth):
            panel[k * width + j] = b[k * b_row + j * b_column]
