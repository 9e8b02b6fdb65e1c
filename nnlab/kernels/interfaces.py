"""The signatures by which kernels call pieces: what each kind of piece takes and returns."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from nnlab.kernels.late_binding import Interface, Signature, scalar_type
from nnlab.kernels.structures import OPERATION, Draw, Memory

_COUNTS = np.zeros(0, np.int64)
_SETTINGS = np.zeros(0)


def _types(*values: Any) -> Signature:
    return tuple(numba.typeof(value) for value in values)


def _memory(dtype: str) -> types.NamedTuple:
    numbers, count = types.CPointer(scalar_type(dtype)), types.int64
    product, board = (count,) * 3, types.CPointer(count)
    return types.NamedTuple((numbers,) * 5 + product + (board,) + (numbers,) * 2 + (count,), Memory)


def table(rows: int, dtype: np.dtype = OPERATION) -> np.recarray:
    """Return a table of operations, or of regularisers, filled with zeros."""
    return np.zeros(rows, dtype).view(np.recarray)


def _operation(dtype: str) -> Signature:
    draw = Draw(training=False, random=False, key_low=0, key_high=0, epoch=0, step=0)
    return (numba.from_dtype(OPERATION), _memory(dtype), *_types(0, draw))


def _loss(dtype: str) -> Signature:
    matrix = np.zeros((0, 0), dtype)
    return _types(matrix, matrix, np.zeros(0, dtype), matrix, _SETTINGS, _COUNTS)


def _link(dtype: str) -> Signature:
    return _types(np.zeros((0, 0), dtype), _COUNTS)


def _score(dtype: str) -> Signature:
    matrix = np.zeros((0, 0), dtype)
    return _types(matrix, matrix, _COUNTS)


def _update(dtype: str) -> Signature:
    numbers = np.zeros(0, dtype)
    return _types(numbers, numbers, (numbers,) * 3, _SETTINGS, 0.0, 0, _SETTINGS)


def _regulariser(dtype: str) -> Signature:
    return (numba.typeof(table(0)), _memory(dtype), *_types(0, 0.0, 0.0))


def _product(dtype: str) -> Signature:
    matrix, count = types.CPointer(scalar_type(dtype)), types.int64
    return (*(matrix, count, count) * 2, matrix, *(count,) * 4, matrix)


def _part(dtype: str) -> Signature:
    return (types.CPointer(types.int64), types.int64, types.CPointer(scalar_type(dtype)))


# (operation, memory, batch, draw): forward and backward of an operation
OPERATIONS = Interface(_operation)
# (outputs, targets, weights, deltas, settings, heads) -> summed loss
LOSSES = Interface(_loss, types.float64)
# (outputs, heads): outputs become predictions, in place
LINKS = Interface(_link)
# (outputs, targets, heads) -> summed score
SCORES = Interface(_score, types.float64)
# (parameters, gradients, state, memory, rate, step, settings): one step of an optimizer
UPDATES = Interface(_update)
# (operations, memory, size, rate, setting): size is the number of parameters
REGULARISERS = Interface(_regulariser)
# (A, its strides, B, its strides, C, its stride from row to row, its rows and columns, rows of B, panel): matrices
# are addresses, strides count elements
PRODUCTS = Interface(_product)
# (board, part, panel): one part of a task that threads share
PARTS = Interface(_part)
