"""Large matrix products in parts that several threads take: blocks of C, each of which is a product of its own.

An element of C is the same sum in the same order however C is cut, so helpers do not change its bits.
"""

from __future__ import annotations

from nnlab.kernels.addresses import moved
from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.interfaces import PRODUCTS, product_types
from nnlab.kernels.lending import lending
from nnlab.kernels.sharing import ARGUMENTS, STEP, pieces, share

_LEAST = 500_000  # multiplications: with fewer, telling helpers and waiting for them takes longer than it saves
_PARTS = 8  # wanted: more would copy more often what a product copies, fewer would leave threads waiting
_COLUMNS = 32  # columns of a part are a multiple of this, which is one of the width of a panel
_ROWS = 24  # rows of a part are a multiple of this, which is one of the height of a tile

_lend, _borrow = lending(product_types, STEP - ARGUMENTS - 3)
_PRODUCT, _PART_ROWS, _PART_COLUMNS = (STEP - place for place in (3, 2, 1))  # on the board
_call = PRODUCTS.call


@kernel
def is_worth_sharing(m, n, depth, helpers):
    """Tell whether a product (m, depth) times (depth, n) is large enough for the helpers that are there."""
    return helpers > 0 and m * n * depth >= _LEAST


@kernel
def share_product(product, part_of_product, operands, board):
    """Have a product done by all threads that look at the board; the operands are those of `products.product`."""
    _, a_row, _, _, _, _, _, _, m, n, _, panel = operands
    rows, columns = _part_sizes(a_row, m, n)
    _lend(board, ARGUMENTS, operands)
    board[_PRODUCT], board[_PART_ROWS], board[_PART_COLUMNS] = product, rows, columns
    share(board, part_of_product, pieces(m, rows) * pieces(n, columns), panel)


@kernel
def _part_sizes(a_row, m, n):
    """Return the rows and columns of a part: C is cut such that no two parts copy the same of the larger factor."""
    if a_row == 1:
        return _rounded_up(pieces(m, _PARTS), _ROWS), n
    columns = _rounded_up(pieces(n, _PARTS), _COLUMNS)
    row_parts = max(1, _PARTS // pieces(n, columns))
    return _rounded_up(pieces(m, row_parts), _ROWS), columns


@kernel
def _rounded_up(number, step):
    return pieces(number, step) * step


@entry_point
def part_of_product(board, part, panel):
    """Compute one block of C."""
    a, a_row, a_column, b, b_row, b_column, c, c_row, m, n, depth, _ = _borrow(board, ARGUMENTS, panel)
    rows, columns = board[_PART_ROWS], board[_PART_COLUMNS]
    in_a_row = pieces(n, columns)
    row, column = part // in_a_row * rows, part % in_a_row * columns
    a_part, b_part, c_part = moved(a, row * a_row), moved(b, column * b_column), moved(c, row * c_row + column)
    size = (min(rows, m - row), min(columns, n - column), depth)
    _call(board[_PRODUCT], (a_part, a_row, a_column, b_part, b_row, b_column, c_part, c_row, *size, panel))
