"""Right answers: 1 for an example where, in every head, the largest output is the class of the largest target."""

from __future__ import annotations

from nnlab.kernels.compilation import entry_point


@entry_point
def score(outputs, targets, heads):
    """Count the examples of a batch (batch, outputs) that are answered right."""
    right = 0.0
    for i in range(outputs.shape[0]):
        is_right = True
        for head in range(heads.size - 1):
            answer, truth = heads[head], heads[head]
            for k in range(heads[head] + 1, heads[head + 1]):
                answer = k if outputs[i, k] > outputs[i, answer] else answer
                truth = k if targets[i, k] > targets[i, truth] else truth
            is_right = is_right and answer == truth
        right += 1.0 if is_right else 0.0
    return right
