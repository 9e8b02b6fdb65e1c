"""Right labels: the share of an example's labels that are predicted right (1 - Hamming loss)."""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point


@entry_point
def score(outputs, targets, heads, scores):  # noqa: ARG001
    """Write the shares of a batch (batch, outputs); a label is predicted where its output, a logit, is above 0."""
    for i in range(outputs.shape[0]):
        right = 0.0
        for k in range(outputs.shape[1]):
            right += 1.0 if (outputs[i, k] > 0) == (targets[i, k] > 0.5) else 0.0
        scores[i] = right / outputs.shape[1]
