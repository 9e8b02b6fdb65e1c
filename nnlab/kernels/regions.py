"""Views of memory: what an operation reads and writes, as matrices with a row per example.

Compiled operations see memory as bare addresses, and views of it own nothing: so no call counts references, which
would take longer than the work of a small layer. Where nothing is compiled, an address is a flat view of the array.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.extending import overload

from nnlab.kernels.compilation import kernel
from nnlab.kernels.structures import Memory
from nnlab.kernels.tiles import address, moved


@kernel
def memory_of(model, workspace):
    """Return the memory of a network and its workspace, as operations see it; its owner must outlive it."""
    return Memory(
        start_of(workspace.values),
        start_of(workspace.deltas),
        start_of(workspace.gradients),
        start_of(workspace.masked),
        start_of(workspace.panel),
        workspace.product,
        workspace.part_of_product,
        workspace.part_of_update,
        start_of(workspace.board),
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


@kernel
def source(operation, memory, batch):
    """Return what an operation reads, (batch, inputs)."""
    return matrix(memory.values, operation.source * batch, batch, operation.inputs)


@kernel
def target(operation, memory, batch):
    """Return what an operation writes, (batch, outputs)."""
    return matrix(memory.values, operation.target * batch, batch, operation.outputs)


@kernel
def source_delta(operation, memory, batch):
    """Return d loss / d source, (batch, inputs)."""
    return matrix(memory.deltas, operation.source_delta * batch, batch, operation.inputs)


@kernel
def target_delta(operation, memory, batch):
    """Return d loss / d target, (batch, outputs)."""
    return matrix(memory.deltas, operation.target_delta * batch, batch, operation.outputs)


@kernel
def skip(operation, memory, batch, width):
    """Return what came past a block to the operation that ends it, (batch, width)."""
    return matrix(memory.values, operation.skip * batch, batch, width)


@kernel
def skip_delta(operation, memory, batch, width):
    """Return d loss / d skip, (batch, width)."""
    return matrix(memory.deltas, operation.skip_delta * batch, batch, width)


@kernel
def gate(operation, memory, batch):
    """Return how much of a block is let through, (batch, outputs)."""
    return matrix(memory.values, operation.gate * batch, batch, operation.outputs)


@kernel
def gate_delta(operation, memory, batch):
    """Return d loss / d gate, (batch, outputs)."""
    return matrix(memory.deltas, operation.gate_delta * batch, batch, operation.outputs)


@kernel
def weights(operation, parameters):
    """Return an operation's part of the parameters or gradients as a matrix (inputs, outputs)."""
    return matrix(parameters, operation.weights, operation.inputs, operation.outputs)


@kernel
def vector(operation, parameters, size):
    """Return the first `size` of an operation's other parameters, or of their gradients."""
    return flat(parameters, operation.vector, size)
