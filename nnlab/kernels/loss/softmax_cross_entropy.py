"""Cross-entropy of softmax outputs: loss = -sum_k t_k log p_k with p = softmax(y), in nats.

y are the network's outputs (logits) and t the target distribution, one-hot for classes. The gradient with respect to y
is p sum_k t_k - t. Computed from y - max(y), so that nothing overflows. Two classes: a function of y_1 - y_2; one
output: p = 1, so the loss is 0. Source: Bridle 1990; Goodfellow et al. 2016, section 6.2.2.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter
from nnlab.kernels.compilation import inlined
from nnlab.kernels.loss._links import softmax as link
from nnlab.kernels.loss._per_example import per_example
from nnlab.kernels.softmax import largest, powers_of_batch

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS: dict[str, Parameter] = {}
TASKS = ("classification",)


@inlined
def _example_loss(y, t, d, _settings):
    """Return the cross-entropy in nats; d first holds exp(y - max(y))."""
    top, total = largest(y), 0.0
    mass, weight = y.dtype.type(0), y.dtype.type(0)
    for k in range(y.size):
        mass += d[k]
        weight += t[k]
    log_mass, share = math.log(mass), weight / mass
    for k in range(y.size):
        total += float(t[k]) * (log_mass - (y[k] - top))
        d[k] = d[k] * share - t[k]
    return total


loss = per_example(__name__, _example_loss, powers_of_batch)
