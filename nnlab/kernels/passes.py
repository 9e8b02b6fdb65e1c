"""Forward and backward through all operations of a network, for the batch that lies in the workspace."""

from __future__ import annotations

from nnlab.kernels import interfaces
from nnlab.kernels.compilation import kernel
from nnlab.kernels.regions import target

_call = interfaces.OPERATIONS.call


@kernel
def forward(operations, memory, batch, draw):
    """Run the batch through all operations; return the outputs (batch, outputs), a view of the memory."""
    for k in range(operations.size):
        operation = operations[k]
        _call(operation.forward, (operation, memory, batch, draw))
    return target(operations[operations.size - 1], memory, batch)


@kernel
def backward(operations, memory, batch, draw):
    """From d loss / d outputs in the deltas of the last operation, write all gradients."""
    for k in range(operations.size - 1, -1, -1):
        operation = operations[k]
        _call(operation.backward, (operation, memory, batch, draw))
