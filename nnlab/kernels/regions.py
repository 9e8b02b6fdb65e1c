"""Views of memory: what an operation reads and writes, as matrices with a row per example.

Compiled operations see memory as bare addresses, and views of it own nothing: so no call counts references, which
would take longer than the work of a small layer. Where nothing is compiled, an address is a flat view of the array.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic, overload
from numba.np.arrayobj import make_array, populate_array

from nnlab.kernels.addresses import address, moved, prefetch
from nnlab.kernels.compilation import kernel, view
from nnlab.kernels.structures import Memory


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


@intrinsic
def _flat(_context, memory, offset, size):
    return _view_type(memory, 1)(memory, offset, size), _generate_view


@intrinsic
def _matrix(_context, memory, offset, rows, columns):
    return _view_type(memory, 2)(memory, offset, rows, columns), _generate_view


@intrinsic
def _as_doubles(_context, memory):
    return types.CPointer(types.float64)(memory), _generate_cast


@intrinsic
def _as_words(_context, memory):
    words = types.uint32 if memory.dtype == types.float32 else types.uint64
    return types.CPointer(words)(memory), _generate_cast


def _generate_cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.bitcast(arguments[0], context.get_value_type(signature.return_type))


def _view_type(memory: types.CPointer, dimensions: int) -> types.Array:
    return types.Array(memory.dtype, dimensions, "C")


def _generate_view(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Write the instructions that make an array, row by row, of memory from an offset on."""
    memory, offset, *sizes = arguments
    kind = signature.return_type
    item = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    strides = [item] if len(sizes) == 1 else [builder.mul(item, sizes[1]), item]
    array = make_array(kind)(context, builder)
    populate_array(array, builder.gep(memory, [offset]), sizes, strides, item, meminfo=None)
    return array._getvalue()  # noqa: SLF001 - as Numba's own functions of arrays do


def flat(memory: Any, offset: int, size: int) -> Any:
    """Return a view (size,) of memory, from an offset in elements on."""
    return memory[offset : offset + size]


def matrix(memory: Any, offset: int, rows: int, columns: int) -> Any:
    """Return a view (rows, columns) of memory, row by row, from an offset in elements on."""
    return memory[offset : offset + rows * columns].reshape(rows, columns)


def as_doubles(memory: Any) -> Any:
    """Return the memory of numbers, of which there are evenly many, as float64."""
    return memory[: memory.size // 2 * 2].view(np.float64)


def as_words(memory: Any) -> Any:
    """Return the memory of numbers as whole numbers of as many bits."""
    return memory.view(np.uint32 if memory.dtype == np.float32 else np.uint64)


if not numba.config.DISABLE_JIT:
    flat, matrix, as_doubles, as_words = _flat, _matrix, _as_doubles, _as_words


@view
def in_a_row(table):
    """Return a view (size,) of a whole matrix that lies row by row."""
    return flat(start_of(table), 0, table.size)


@kernel
def copy(source, target):
    """Copy an array to another of the same shape; both lie row by row.

    Numba would make sure that they do not overlap, by a copy that it allocates.
    """
    numbers, copies = in_a_row(source), in_a_row(target)
    for i in range(numbers.size):
        copies[i] = numbers[i]


@view
def part(table, row, first, last):
    """Return a view (last - first,) of some columns of one row of a matrix that lies row by row."""
    return flat(start_of(table), row * table.shape[1] + first, last - first)


def prefetch_all(numbers: Any, offset: int, size: int) -> None:
    """Begin to fetch some numbers into the cache; where nothing is compiled, do nothing."""


@overload(prefetch_all)
def _overload_prefetch_all(numbers, offset, size):  # noqa: ARG001
    line = 512 // numbers.dtype.bitwidth

    def compiled(numbers, offset, size):
        for place in range(offset, offset + size, line):
            prefetch(moved(numbers, place))

    return compiled


@view
def some_rows(numbers, offset, width, rows):
    """Return some rows of a region that begins at an offset per example, (rows, width)."""
    return matrix(numbers, offset * rows.batch + rows.first * width, rows.size, width)


@view
def source(operation, memory, rows):
    """Return what an operation reads, (rows, inputs)."""
    return some_rows(memory.values, operation.source, operation.inputs, rows)


@view
def target(operation, memory, rows):
    """Return what an operation writes, (rows, outputs)."""
    return some_rows(memory.values, operation.target, operation.outputs, rows)


@view
def source_delta(operation, memory, rows):
    """Return d loss / d source, (rows, inputs)."""
    return some_rows(memory.deltas, operation.source_delta, operation.inputs, rows)


@view
def target_delta(operation, memory, rows):
    """Return d loss / d target, (rows, outputs)."""
    return some_rows(memory.deltas, operation.target_delta, operation.outputs, rows)


@view
def skip(operation, memory, rows, width):
    """Return what came past a block to the operation that ends it, (rows, width)."""
    return some_rows(memory.values, operation.skip, width, rows)


@view
def skip_delta(operation, memory, rows, width):
    """Return d loss / d skip, (rows, width)."""
    return some_rows(memory.deltas, operation.skip_delta, width, rows)


@view
def gate(operation, memory, rows):
    """Return how much of a block is let through, (rows, outputs)."""
    return some_rows(memory.values, operation.gate, operation.outputs, rows)


@view
def gate_delta(operation, memory, rows):
    """Return d loss / d gate, (rows, outputs)."""
    return some_rows(memory.deltas, operation.gate_delta, operation.outputs, rows)


@view
def scratch(operation, memory, rows, width):
    """Return what an operation's forward leaves for its backward, (rows, width)."""
    return some_rows(memory.values, operation.scratch, width, rows)


@view
def weights(operation, parameters):
    """Return an operation's part of the parameters or gradients as a matrix (inputs, outputs)."""
    return matrix(parameters, operation.weights, operation.inputs, operation.outputs)


@view
def vector(operation, parameters, size):
    """Return the first `size` of an operation's other parameters, or of their gradients."""
    return flat(parameters, operation.vector, size)
