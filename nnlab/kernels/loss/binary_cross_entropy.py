"""Binary cross-entropy of sigmoid outputs: loss = mean over k of -t_k log p_k - (1 - t_k) log(1 - p_k), in nats.

p = sigmoid(y), y are the outputs (logits) and t the probabilities of the labels, 0 or 1 where they are known; as
PyTorch's BCEWithLogitsLoss. The gradient with respect to y_k is (p_k - t_k) / outputs. Computed as |y_k| times what is
wrong about its sign, plus log(1 + e^-|y_k|), so that nothing overflows or cancels. One output is one yes-or-no
question; classes are asked one against the rest, so that two classes give two sigmoids that learn the same question
twice, and the probabilities of several need not sum to 1. Source: Cox 1958; Goodfellow et al. 2016, section 6.2.2.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import kernel
from nnlab.kernels.logistic import logistic, softplus_of_minus
from nnlab.kernels.loss._links import sigmoid as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("classification", "multilabel")


@kernel
def _output_loss(y, t, _settings):
    """Return the cross-entropy of one label and its slope."""
    wrong = 1.0 - float(t) if y > 0 else float(t)
    return wrong * abs(float(y)) + softplus_of_minus(abs(y)), logistic(y) - t


loss = per_output(__name__, _output_loss)
