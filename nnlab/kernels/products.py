"""Matrix products: C = A @ B for matrices of any size, of which A and B may be transposed views.

B is cut into panels of two registers' width, each of which is multiplied by all of A, a few rows at a time. A panel
that does not lie in memory row by row (B is transposed), or whose rows lie so far apart that they fight for the same
places of the cache, is first copied into a buffer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import overload

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.shared_products import is_worth_sharing, share_product
from nnlab.kernels.tiles import TILE_ROWS, VECTOR_BYTES, address, lanes, moved, register_tile, transpose_tile

_VECTORS = 2  # a panel's width in registers
_FAR_APART = 256  # elements between the rows of B from which on its panels are copied


def panel_size(depth: int, dtype: np.dtype) -> int:
    """Return how many elements the buffer for one panel of a B with `depth` rows takes."""
    return depth * _VECTORS * VECTOR_BYTES // dtype.itemsize


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
        if is_worth_sharing(c.shape[0], c.shape[1], b.shape[0], memory.board):
            share_product(memory.product, memory.part_of_product, operands, memory.board)
        else:
            _call(memory.product, operands)

    return compiled


@entry_point
def product(a, a_row, a_column, b, b_row, b_column, c, c_row, m, n, depth, panel):
    """Multiply panel by panel; all matrices are given by addresses and strides in elements."""
    width = _VECTORS * lanes(b)
    copies = b_column != 1 or b_row >= _FAR_APART
    for first in range(0, n, width):
        columns = min(width, n - first)
        if copies:
            _copy_panel(moved(b, first * b_column), b_row, b_column, depth, columns, panel)
            _multiply_panel(a, a_row, a_column, panel, width, moved(c, first), c_row, m, depth, columns)
        else:
            _multiply_panel(a, a_row, a_column, moved(b, first), b_row, moved(c, first), c_row, m, depth, columns)


@kernel
def _multiply_panel(a, a_row, a_column, b, b_row, c, c_row, m, depth, columns):
    """Multiply all rows of A with one panel, in tiles of as many rows as registers allow, then of fewer."""
    i = 0
    while i + TILE_ROWS <= m:
        _tallest(moved(a, i * a_row), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns)
        i += TILE_ROWS
    while i + 4 <= m:
        _four(moved(a, i * a_row), a_row, a_column, b, b_row, moved(c, i * c_row), c_row, depth, columns)
        i += 4
    while i < m:
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


@kernel
def _copy_panel(b, b_row, b_column, depth, columns, panel):
    """Copy a panel of B, (depth, columns), to a buffer whose rows are as wide as a panel."""
    width = _VECTORS * lanes(b)
    if b_column == 1:
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
