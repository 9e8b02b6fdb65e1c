"""Views of memory: what an operation reads and writes, as matrices with a row per example.

Compiled operations see memory as bare addresses, and views of it own nothing: so no call counts references, which
would take longer than the work of a small layer. Where nothing is compiled, an address is a flat view of the array.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from nnlab.kernels.compilation import kernel
from nnlab.kernels.structures import Memory
from nnlab.kernels.tiles import address, moved

_DOUBLE = 8  # bytes


@kernel
def memory_of(model, workspace, panel, helpers):
    """Return the memory of a network and its workspace, as operations see it; its owner must outlive it.

    `panel` is the address of the buffer of this thread; `helpers` is how many threads may take parts of what an
    operation does.
    """
    return Memory(
        start_of(workspace.values),
        start_of(workspace.deltas),
        start_of(workspace.gradients),
        start_of(workspace.masked),
        panel,
        workspace.product,
        workspace.part_of_product,
        start_of(workspace.board),
        helpers,
        start_of(model.parameters),
        start_of(model.statistics),
        model.weights,
    )


def start_of(array: Any) -> Any:
    """Return the address of an array's first element."""
    return array.reshape(-1)


@overload(start_of)
def _overload_start_of(array):  # noqa: ARG001
    return lambda array: address(array, 0)


def flat(memory: Any, offset: int, size: int) -> Any:
    """Return a view (size,) of memory, from an offset in elements on."""
    return memory[offset : offset + size]


@overload(flat)
def _overload_flat(memory, offset, size):  # noqa: ARG001
    return lambda memory, offset, size: numba.carray(moved(memory, offset), (size,))


def matrix(memory: Any, offset: int, rows: int, columns: int) -> Any:
    """Return a view (rows, columns) of memory, row by row, from an offset in elements on."""
    return memory[offset : offset + rows * columns].reshape(rows, columns)


@overload(matrix)
def _overload_matrix(memory, offset, rows, columns):  # noqa: ARG001
    return lambda memory, offset, rows, columns: numba.carray(moved(memory, offset), (rows, columns))


def part(table: Any, row: int, first: int, last: int) -> Any:
    """Return a view (last - first,) of some columns of one row of a matrix that lies row by row."""
    return table[row, first:last]


@overload(part)
def _overload_part(table, row, first, last):  # noqa: ARG001
    return lambda table, row, first, last: flat(start_of(table), row * table.shape[1] + first, last - first)


def doubles(buffer: Any, size: int) -> Any:
    """Return a view (size,) in float64 of the start of a buffer."""
    return buffer[: size * _DOUBLE // buffer.itemsize].view(np.float64)


@overload(doubles)
def _overload_doubles(buffer, size):  # noqa: ARG001
    return lambda buffer, size: numba.carray(_as_doubles(buffer), (size,))


@intrinsic
def _as_doubles(_context, pointer):
    def generate(_context, builder, _signature, arguments):
        return builder.bitcast(arguments[0], ir.DoubleType().as_pointer())

    return types.CPointer(types.float64)(pointer), generate


@kernel
def some_rows(numbers, offset, width, rows):
    """Return some rows of a region that begins at an offset per example, (rows, width)."""
    return matrix(numbers, offset * rows.batch + rows.first * width, rows.size, width)


@kernel
def source(operation, memory, rows):
    """Return what an operation reads, (rows, inputs)."""
    return some_rows(memory.values, operation.source, operation.inputs, rows)


@kernel
def target(operation, memory, rows):
    """Return what an operation writes, (rows, outputs)."""
    return some_rows(memory.values, operation.target, operation.outputs, rows)


@kernel
def source_delta(operation, memory, rows):
    """Return d loss / d source, (rows, inputs)."""
    return some_rows(memory.deltas, operation.source_delta, operation.inputs, rows)


@kernel
def target_delta(operation, memory, rows):
    """Return d loss / d target, (rows, outputs)."""
    return some_rows(memory.deltas, operation.target_delta, operation.outputs, rows)


@kernel
def skip(operation, memory, rows, width):
    """Return what came past a block to the operation that ends it, (rows, width)."""
    return some_rows(memory.values, operation.skip, width, rows)


@kernel
def skip_delta(operation, memory, rows, width):
    """Return d loss / d skip, (rows, width)."""
    return some_rows(memory.deltas, operation.skip_delta, width, rows)


@kernel
def gate(operation, memory, rows):
    """Return how much of a block is let through, (rows, outputs)."""
    return some_rows(memory.values, operation.gate, operation.outputs, rows)


@kernel
def gate_delta(operation, memory, rows):
    """Return d loss / d gate, (rows, outputs)."""
    return some_rows(memory.deltas, operation.gate_delta, operation.outputs, rows)


@kernel
def scratch(operation, memory, rows, width):
    """Return what an operation's forward leaves for its backward, (rows, width)."""
    return some_rows(memory.values, operation.scratch, width, rows)


@kernel
def weights(operation, parameters):
    """Return an operation's part of the parameters or gradients as a matrix (inputs, outputs)."""
    return matrix(parameters, operation.weights, operation.inputs, operation.outputs)


@kernel
def vector(operation, parameters, size):
    """Return the first `size` of an operation's other parameters, or of their gradients."""
    return flat(parameters, operation.vector, size)
