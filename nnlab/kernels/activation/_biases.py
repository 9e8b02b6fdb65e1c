"""Gradients of biases, which are added to the pre-activations z: d loss / d bias = sum over the batch of dz."""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point, kernel
from nnlab.kernels.regions import source_delta, vector


@entry_point
def gradients(operation, memory, rows, first, last):  # noqa: ARG001
    """Write the gradients of an activation's biases, (inputs,)."""
    write_bias_gradients(operation, memory, rows)


@kernel
def write_bias_gradients(operation, memory, rows):
    """Sum d loss / d source over the rows, in their order."""
    delta, gradient = source_delta(operation, memory, rows), vector(operation, memory.gradients, operation.inputs)
    fours = delta.shape[0] // 4 * 4
    gradient[:] = 0
    for i in range(0, fours, 4):  # sums stay in registers for the time of four rows
        for j in range(delta.shape[1]):
            gradient[j] += (delta[i, j] + delta[i + 1, j]) + (delta[i + 2, j] + delta[i + 3, j])
    for i in range(fours, delta.shape[0]):
        for j in range(delta.shape[1]):
            gradient[j] += delta[i, j]
