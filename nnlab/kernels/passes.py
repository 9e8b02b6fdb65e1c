"""Forward and backward through all operations of a network, for rows of the batch that lies in the workspace."""

from __future__ import annotations

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import kernel, view
from nnlab.kernels.regions import target

_call = interfaces.OPERATIONS.call


@view
def forward(operations, memory, rows, draw):
    """Run some rows through all operations; return the outputs (rows, outputs), a view of the memory."""
    for k in range(operations.size):
        operation = operations[k]
        _call(operation.forward, (operation, memory, rows, draw))
    return target(operations[operations.size - 1], memory, rows)


@kernel
def backward(operations, memory, rows, draw):
    """From d loss / d outputs in the deltas of the last operation, write the deltas of all places.

    The gradients of parameters follow from these, see `nnlab.kernels.descent`, but for those that need all of an
    operation's backward anyway.
    """
    for k in range(operations.size - 1, -1, -1):
        operation = operations[k]
        _call(operation.backward, (operation, memory, rows, draw))
