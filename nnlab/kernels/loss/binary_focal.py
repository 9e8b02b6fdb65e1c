"""Binary focal loss: mean over k of -alpha t_k q_k^gamma log p_k - (1 - alpha)(1 - t_k) p_k^gamma log q_k.

p = sigmoid(y) and q = 1 - p, in nats; as torchvision's sigmoid_focal_loss, mean over the outputs. Labels that are
already likely count less, and those that are there (t = 1) alpha times, the others 1 - alpha times: gamma = 0 and
alpha = 0.5 give half the binary cross-entropy. The first term has the gradient -alpha t q^gamma (q - gamma p log p),
and the second the same with p and q exchanged, and the other sign. One output is one yes-or-no question; classes are
asked one against the rest. Source: Lin et al. 2017.
"""

from __future__ import annotations

from nnlab.checks import Parameter, number
from nnlab.kernels.compilation import kernel
from nnlab.kernels.logistic import logistic, softplus_of_minus
from nnlab.kernels.loss._links import sigmoid as link
from nnlab.kernels.loss._per_output import per_output

__all__ = ["PARAMETERS", "TASKS", "link", "loss"]

PARAMETERS = {"gamma": Parameter(2.0, number(0)), "alpha": Parameter(0.25, number(0, 1))}
TASKS = ("classification", "multilabel")


@kernel
def _output_loss(y, t, settings):
    """Return the focal loss of one label and its slope."""
    gamma, alpha = settings[0], settings[1]
    loss_if_there, slope_if_there = _label_loss(alpha * float(t), y, gamma)
    loss_if_absent, slope_if_absent = _label_loss((1.0 - alpha) * (1.0 - float(t)), -y, gamma)
    return loss_if_there + loss_if_absent, type(y)(slope_if_there - slope_if_absent)


@kernel
def _label_loss(weight, y, gamma):
    """Return -weight (1 - p)^gamma log p of a label that is there, and its slope."""
    if weight == 0:  # powers are dear
        zero = weight * y  # or NaN, where the outputs have diverged
        return zero, zero
    p, rest = float(logistic(y)), float(logistic(-y))
    surprise = max(-float(y), 0.0) + softplus_of_minus(abs(y))
    focus = weight * rest**gamma
    return focus * surprise, -focus * (rest + gamma * p * surprise)


loss = per_output(__name__, _output_loss)
