"""How many of the parameters belong to one operation.

The weights of all operations lie in the order of the table, and so do their vectors: each part ends where the next
begins, and an operation that has none begins where the next does.
"""

from __future__ import annotations

from nnlab.kernels.compilation import kernel


@kernel
def weight_count(operations, k, memory):
    """Return how many weights operation k has; 0 if it has none."""
    end = operations[k + 1].weights if k + 1 < operations.size else memory.weights
    return end - operations[k].weights


@kernel
def vector_count(operations, k, size):
    """Return how many other parameters operation k has; `size` is the number of all parameters."""
    end = operations[k + 1].vector if k + 1 < operations.size else size
    return end - operations[k].vector
