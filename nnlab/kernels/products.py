"""Matrix products: C = A @ B for matrices of any size, of which A and B may be transposed views.

B is cut into panels of two registers' width, each of which is multiplied by all of A, a few rows at a time. The rows of
a panel lie far apart, and fight for the same places of the cache: so the first rows of A leave a copy of the panel for
the others. A panel of a transposed B is copied before, and so are rows of a transposed A, block by block. While one
panel is multiplied, the next one is fetched, a little with each tile.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import overload

from nnlab.kernels import interfaces
from nnlab.kernels.addresses import address, moved, prefetch_aside
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.shared_products import is_worth_sharing, share_product
from nnlab.kernels.tiles import TILE_ROWS, copy_of, lanes, register_tile, transpose_tile
from nnlab.kernels.vectors import VECTOR_BYTES

_VECTORS = 2  # a panel's width in registers
_BLOCK_ROWS = 192  # rows of a transposed A that are copied at a time
_DEEPEST = 1024  # columns of A up to which they are
_FAR_APART = 256  # elements between these columns from which on they are
_LARGE = 131_072  # elements: a larger B is not expected in the cache of the core


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
    c[:] = np.einsum("ik,kj->ij", a, b)  # BLAS would sum a few rows in another order than many


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
    for first in range(0, n, width):
        behind = first + width
        following = _memory_of_panel(moved(b, behind * b_column), b_row, b_column, min(width, n - behind), depth)
        is_wanted = behind < n and n * depth >= _LARGE
        b_panel, c_panel = (moved(b, first * b_column), b_row, b_column), (moved(c, first), c_row)
        _multiply_panel(a, b_panel, c_panel, (rows, min(width, n - first), depth), (following, is_wanted), panel)


@kernel
def _memory_of_panel(b, b_row, b_column, columns, depth):
    """Return where a panel lies: its first address, the distance of its stretches, their number and their length."""
    return (b, b_row, depth, columns) if b_column == 1 else (b, b_column, columns, depth)


@kernel
def _multiply_panel(a, b, c, sizes, following, panel):
    """Multiply a block of rows of A with one panel, in tiles of as many rows as registers allow, then of fewer."""
    (a, a_row, a_column, a_tile), (b, b_row, b_column), (c, c_row) = a, b, c
    rows, columns, depth = sizes
    width, i = _VECTORS * lanes(b), 0
    if b_column != 1:
        _transpose_panel(b, b_row, b_column, depth, columns, panel, width)
        b, b_row = panel, width
    elif b_row > width and columns > lanes(b) and rows > TILE_ROWS:
        _first(a, a_row, a_column, b, b_row, c, c_row, depth, columns, panel)
        b, b_row, i = panel, width, TILE_ROWS
    while i + TILE_ROWS <= rows:
        a_i, c_i = moved(a, i // TILE_ROWS * a_tile), moved(c, i * c_row)
        _tallest(a_i, a_row, a_column, b, b_row, c_i, c_row, depth, columns, panel)
        i += TILE_ROWS
        _fetch_share(following, i - TILE_ROWS, i, rows)
    a = moved(a, i // TILE_ROWS * a_tile - i * a_row)
    while i + 4 <= rows:
        _four(moved(a, i * a_row), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns, panel)
        i += 4
    while i < rows:
        _one(moved(a, i * a_row), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns, panel)
        i += 1


@kernel
def _fetch_share(following, first, last, rows):
    """Begin to fetch that share of the following panel that some of all rows of A have."""
    (b, distance, count, length), is_wanted = following
    if is_wanted:
        for stretch in range(first * count // rows, last * count // rows):
            for j in range(0, length, lanes(b)):
                prefetch_aside(moved(b, stretch * distance + j))


# Tiles of rows of two registers, both filled or masked, or masked and the second half filled, or of one register.
_full, _wide = register_tile(TILE_ROWS, (1, 1), masked=False), register_tile(TILE_ROWS, (1, 1), masked=True)
_slim, _narrow = register_tile(TILE_ROWS, (1, 2), masked=True), register_tile(TILE_ROWS, (1,), masked=True)
_first_wide = register_tile(TILE_ROWS, (1, 1), masked=True, copies=True)
_first_slim = register_tile(TILE_ROWS, (1, 2), masked=True, copies=True)


@kernel
def _tallest(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy):
    """Multiply as many rows as registers allow with a panel."""
    if columns == _VECTORS * lanes(b):
        _full(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)
    elif _needs_both(columns, b):
        _wide(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)
    elif columns > lanes(b):
        _slim(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)
    else:
        _narrow(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)


@kernel
def _first(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy):
    """Do the same with a panel of more than one register's width, and leave a copy of it."""
    if _needs_both(columns, b):
        _first_wide(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)
    else:
        _first_slim(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)


@kernel
def _needs_both(columns, b):
    """Tell whether columns take more than one register and half of another."""
    return 2 * columns > 3 * lanes(b)


def _lower(rows: int) -> Any:
    """Return a tile of fewer rows: there are too few of these for each width to be worth its compilation."""
    wide, narrow = register_tile(rows, (1, 1), masked=True), register_tile(rows, (1,), masked=True)

    @kernel
    def tile(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy):
        if columns > lanes(b):
            wide(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)
        else:
            narrow(a, a_row, a_column, b, b_row, c, c_row, depth, columns, copy)

    return tile


_four, _one = _lower(4), _lower(1)
_copy_column = copy_of(TILE_ROWS)


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
