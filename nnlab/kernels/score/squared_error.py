"""Squared error: the sum over the outputs of (y_k - t_k)^2, from which R^2 follows."""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point


@entry_point
def score(outputs, targets, heads, scores):  # noqa: ARG001
    """Write the sum over the outputs for each example of a batch (batch, outputs)."""
    for i in range(outputs.shape[0]):
        total = 0.0
        for k in range(outputs.shape[1]):
            difference = float(outputs[i, k]) - float(targets[i, k])
            total += difference * difference
        scores[i] = total
