"""From outputs to predictions, in place, for all examples of a batch (batch, outputs)."""

from __future__ import annotations

from nnlab.kernels import softmax as of_one_head
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.logistic import logistic
from nnlab.kernels.regions import part


@entry_point
def identity(outputs, heads):
    """Leave the outputs as they are."""


@entry_point
def sigmoid(outputs, heads):  # noqa: ARG001
    """Turn each logit into the probability of its label."""
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            outputs[i, k] = logistic(outputs[i, k])


@entry_point
def softmax(outputs, heads):
    """Turn the logits of each head into the probabilities of its classes."""
    for i in range(outputs.shape[0]):
        for head in range(heads.size - 1):
            y = part(outputs, i, heads[head], heads[head + 1])
            of_one_head.softmax(y, y, of_one_head.largest(y))
