"""Focal loss of softmax outputs: loss = -sum_k t_k (1 - p_k)^gamma log p_k with p = softmax(y), in nats.

The cross-entropy, with classes that are already likely counted less; gamma = 0 is the cross-entropy itself. The
gradient for y_k is p_k sum_j t_j g_j - t_k g_k, where g = (1 - p)^gamma - gamma p (1 - p)^(gamma - 1) log p.
t is one-hot for classes; soft targets weight the losses that each class would have. Two classes: a function of
y_1 - y_2; one output: p = 1, so the loss is 0. Source: Lin et al. 2017.
"""

from __future__ import annotations

import math

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.loss._links import softmax as link
from nnlab.kernels.loss._per_example import per_example
from nnlab.kernels.softmax import largest, softmax

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS = {"gamma": Parameter(2.0, number(0))}
TASKS = ("classification",)


@kernel
def _example_loss(y, t, d, settings):
    """Return the focal loss in nats; d first holds the probabilities."""
    top, total, pull = largest(y), 0.0, 0.0
    log_mass = math.log(softmax(y, d, top))
    for k in range(y.size):
        loss, slope = _class_loss(t[k], d[k], y[k] - top - log_mass, settings[0])
        total += loss
        pull += slope
    for k in range(y.size):
        _, slope = _class_loss(t[k], d[k], y[k] - top - log_mass, settings[0])
        d[k] = float(d[k]) * pull - slope
    return total


@kernel
def _class_loss(t, p, log_p, gamma):
    """Return -t (1 - p)^gamma log p and t g."""
    if t == 0:  # powers are dear
        zero = float(t * log_p)  # or NaN, where the outputs have diverged
        return zero, zero
    rest = 1.0 - float(p)
    focus = float(t) * rest**gamma
    ratio = log_p / rest if rest > 0 else -1.0  # its limit
    return -focus * log_p, focus * (1.0 - gamma * float(p) * ratio)


loss = per_example(__name__, _example_loss)
