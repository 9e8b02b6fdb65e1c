"""Mean squared error: loss = mean over the outputs of (y_k - t_k)^2, as PyTorch's MSELoss.

The gradient with respect to y_k is 2 (y_k - t_k) / outputs. Source: Legendre 1805.
"""

from __future__ import annotations

from nnlab.checks import Parameter
from nnlab.kernels.compilation import kernel

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("classification", "regression")


@kernel
def loss(outputs, targets, delta, _):
    """Return the summed loss; write the gradient of the mean loss to delta; all arrays are (batch, outputs)."""
    total = 0.0
    share = outputs.dtype.type(2.0 / outputs.size)
    for i in range(outputs.shape[0]):
        for k in range(outputs.shape[1]):
            difference = outputs[i, k] - targets[i, k]
            delta[i, k] = difference * share
            total += float(difference) * float(difference)
    return total / outputs.shape[1]


@kernel
def link(outputs):
    """Leave the outputs as they are."""
