"""The signatures by which kernels call pieces: what each kind of piece takes and returns."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from nnlab.kernels.late_binding import Interface, Signature, scalar_type
from nnlab.kernels.structures import (
    MEMORY,
    OPERATION,
    REGULARISER,
    STRETCH,
    Draw,
    Examples,
    Memory,
    Model,
    Objective,
    Optimizer,
    Rows,
    Step,
    Training,
    Workspace,
)

_COUNTS = np.zeros(0, np.int64)
_SETTINGS = np.zeros(0)
_ROWS = Rows(0, 0, 0)
_DRAW = Draw(training=False, random=False, key_low=0, key_high=0, epoch=0, step=0)


def _types(*values: Any) -> Signature:
    return tuple(numba.typeof(value) for value in values)


def _memory(dtype: str) -> types.NamedTuple:
    numbers, count = types.CPointer(scalar_type(dtype)), types.int64
    product, board = (count,) * 2, types.CPointer(count)
    return types.NamedTuple((numbers,) * 5 + product + (board, count) + (numbers,) * 2 + (count,), Memory)


def table(rows: int, dtype: np.dtype = OPERATION) -> np.recarray:
    """Return a table of operations, or of regularisers, filled with zeros."""
    return np.zeros(rows, dtype).view(np.recarray)


def _operation(dtype: str) -> Signature:
    return (numba.from_dtype(OPERATION), _memory(dtype), *_types(_ROWS, _DRAW))


def _gradients(dtype: str) -> Signature:
    return (numba.from_dtype(OPERATION), _memory(dtype), *_types(_ROWS, 0, 0))


def _loss(dtype: str) -> Signature:
    matrix = np.zeros((0, 0), dtype)
    return _types(matrix, matrix, np.zeros(0, dtype), 0.0, matrix, _SETTINGS, _COUNTS, np.zeros(0))


def _link(dtype: str) -> Signature:
    return _types(np.zeros((0, 0), dtype), _COUNTS)


def _score(dtype: str) -> Signature:
    matrix = np.zeros((0, 0), dtype)
    return _types(matrix, matrix, _COUNTS, np.zeros(0))


def _update(dtype: str) -> Signature:
    numbers = np.zeros(0, dtype)
    return _types(numbers, numbers, (numbers,) * 3, _SETTINGS, 0.0, 0, _SETTINGS)


def _regulariser(dtype: str) -> Signature:
    return (numba.typeof(table(0)), _memory(dtype), *_types(0, 0.0, 0.0))


def _product(dtype: str) -> Signature:
    matrix, count = types.CPointer(scalar_type(dtype)), types.int64
    return (*(matrix, count, count) * 2, matrix, *(count,) * 4, matrix)


def _training(dtype: str) -> Training:
    """Return a training of no network on no examples."""
    vector, matrix = np.zeros(0, dtype), np.zeros((0, 0), dtype)
    model = Model(table(0), table(0, STRETCH), vector, vector, 0, by_rows=False)
    workspace = Workspace(
        values=vector,
        deltas=vector,
        gradients=vector,
        targets=vector,
        weights=vector,
        losses=_SETTINGS,
        scores=_SETTINGS,
        masked=vector,
        panel=vector,
        panel_size=0,
        product=0,
        part_of_product=0,
        part_of_gathering=0,
        part_of_pass=0,
        part_of_step=0,
        board=_COUNTS,
    )
    examples, objective = Examples(matrix, matrix, *[vector] * 5), Objective(0, 0, 0, _SETTINGS, _COUNTS)
    regularisers = table(0, REGULARISER)
    rule = Optimizer(0, _SETTINGS, matrix, np.zeros(MEMORY), _SETTINGS, _SETTINGS, 0, regularisers, regularisers)
    return Training(model, workspace, examples, objective, rule)


def training_types(dtype: str) -> Signature:
    """Return the type of a Training, which is lent to threads that help."""
    return _types(_training(dtype))


def entry_point_types(dtype: str) -> dict[str, Signature]:
    """Return the types of what the entry points of a training take, by their names."""
    model, workspace, examples, objective, optimizer = _training(dtype)
    call = (model, workspace, examples, _COUNTS, objective)
    return {
        "train_epoch": _types(*call, optimizer, _DRAW, 0, _COUNTS),
        "evaluate": _types(*call, _DRAW, 0),
        "loss_and_gradients": _types(*call, _DRAW),
    }


def step_types(_dtype: str) -> Signature:
    """Return the type of a Step, which is lent to threads that help."""
    return _types(Step(_COUNTS, _DRAW, 0, 0, 0.0, 0.0, 0))


def product_types(dtype: str) -> Signature:
    """Return the type of what a product takes, which is lent to threads that help."""
    return (types.Tuple(_product(dtype)),)


def _part(dtype: str) -> Signature:
    return (types.CPointer(types.int64), types.int64, types.CPointer(scalar_type(dtype)))


# (operation, memory, rows, draw): forward and backward of an operation
OPERATIONS = Interface(_operation)
# (operation, memory, rows, first, last): gradients of an operation's parameters; first and last are rows of weights
GRADIENTS = Interface(_gradients)
# (outputs, targets, weights, share, deltas, settings, heads, losses): losses of examples, and deltas
LOSSES = Interface(_loss)
# (outputs, heads): outputs become predictions, in place
LINKS = Interface(_link)
# (outputs, targets, heads, scores): scores of examples
SCORES = Interface(_score)
# (parameters, gradients, state, memory, rate, step, settings): one step of an optimizer
UPDATES = Interface(_update)
# (operations, memory, size, rate, setting): size is the number of parameters
REGULARISERS = Interface(_regulariser)
# (A, its strides, B, its strides, C, its stride from row to row, its rows and columns, rows of B, panel): matrices
# are addresses, strides count elements
PRODUCTS = Interface(_product)
# (board, part, panel): one part of a task that threads share
PARTS = Interface(_part)
