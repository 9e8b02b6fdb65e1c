"""L2 penalty: loss + setting / 2 * sum of w^2 over all weights, so gradient <- gradient + setting * w.

PyTorch's SGD(weight_decay=setting), but for biases. Source: Krogh and Hertz 1991.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number, optional
from nnlab.kernels.compilation import entry_point
from nnlab.kernels.regions import flat

SETTING = Parameter(None, optional(number(0)))
STAGE = "penalty"


@entry_point
def apply(operations, memory, size, rate, setting):  # noqa: ARG001
    """Add the gradient of the penalty."""
    weights, gradients = flat(memory.parameters, 0, memory.weights), flat(memory.gradients, 0, memory.weights)
    strength = weights.dtype.type(setting)
    for i in range(weights.size):
        gradients[i] += strength * weights[i]
