"""Each loss and its gradient, for a batch; each link; and each score: slow, obvious references."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from naive.types import Matrix, Vector

LossAndSlope = tuple[float, float]


def sigmoid(y: float) -> float:
    """Return 1 / (1 + e^-y)."""
    return 1 / (1 + math.exp(-y))


def softmax(outputs: Vector) -> Vector:
    """Return e^y / sum of e^y."""
    powers = [math.exp(y - max(outputs)) for y in outputs]
    return [power / sum(powers) for power in powers]


# Losses of one output and its target; returned with the slope d loss / d output.
def squared_error_loss(y: float, t: float) -> LossAndSlope:
    return (y - t) ** 2, 2 * (y - t)


def absolute_error(y: float, t: float) -> LossAndSlope:
    return abs(y - t), 0.0 if y == t else math.copysign(1, y - t)


def huber(y: float, t: float, delta: float) -> LossAndSlope:
    if abs(y - t) <= delta:
        return (y - t) ** 2 / 2, y - t
    return delta * abs(y - t) - delta**2 / 2, math.copysign(delta, y - t)


def log_cosh(y: float, t: float) -> LossAndSlope:
    return math.log(math.cosh(y - t)), math.tanh(y - t)


def percentage_error(y: float, t: float, epsilon: float) -> LossAndSlope:
    loss, slope = absolute_error(y, t)
    return loss / max(abs(t), epsilon), slope / max(abs(t), epsilon)


def quantile(y: float, t: float, tau: float) -> LossAndSlope:
    if y == t:
        return 0.0, 0.0
    return (tau * (t - y), -tau) if t > y else ((1 - tau) * (y - t), 1 - tau)


def binary_cross_entropy(y: float, t: float) -> LossAndSlope:
    p, rest = sigmoid(y), sigmoid(-y)
    return -t * math.log(p) - (1 - t) * math.log(rest), p - t


def binary_focal(y: float, t: float, gamma: float, alpha: float) -> LossAndSlope:
    p, q = sigmoid(y), sigmoid(-y)
    loss = -alpha * t * q**gamma * math.log(p) - (1 - alpha) * (1 - t) * p**gamma * math.log(q)
    slope = alpha * t * q**gamma * (gamma * p * math.log(p) - q)
    return loss, slope - (1 - alpha) * (1 - t) * p**gamma * (gamma * q * math.log(q) - p)


def hinge(y: float, t: float, margin: float) -> LossAndSlope:
    sign = 2 * t - 1
    return (margin - sign * y, -sign) if margin - sign * y > 0 else (0.0, 0.0)


def squared_hinge(y: float, t: float, margin: float) -> LossAndSlope:
    loss, slope = hinge(y, t, margin)
    return loss**2, 2 * loss * slope


# Losses of the outputs of one head; returned with the gradient.
def mean_over_outputs(output_loss: Callable[..., LossAndSlope], y: Vector, t: Vector, **settings: Any) -> Any:
    both = [output_loss(y_k, t_k, **settings) for y_k, t_k in zip(y, t, strict=True)]
    return sum(loss for loss, _ in both) / len(y), [slope / len(y) for _, slope in both]


def softmax_cross_entropy(y: Vector, t: Vector) -> tuple[float, Vector]:
    p = softmax(y)
    loss = -sum(t_k * math.log(p_k) for t_k, p_k in zip(t, p, strict=True))
    return loss, [p_k * sum(t) - t_k for t_k, p_k in zip(t, p, strict=True)]


def focal(y: Vector, t: Vector, gamma: float) -> tuple[float, Vector]:
    p = softmax(y)
    loss = -sum(t_k * (1 - p_k) ** gamma * math.log(p_k) for t_k, p_k in zip(t, p, strict=True))
    slopes = [(1 - p_k) ** gamma / p_k - gamma * (1 - p_k) ** (gamma - 1) * math.log(p_k) for p_k in p]
    places = range(len(y))  # dp_k / dy_j = p_k ([k = j] - p_j)
    return loss, [-sum(t[k] * slopes[k] * p[k] * ((k == j) - p[j]) for k in places) for j in places]


def multiclass_hinge(y: Vector, t: Vector, margin: float, power: int = 1) -> tuple[float, Vector]:
    loss, gradient = 0.0, [0.0] * len(y)
    for c, k in ((c, k) for c in range(len(y)) for k in range(len(y)) if k != c):
        violation = margin - y[c] + y[k]
        if violation > 0:
            loss += t[c] * violation**power / len(y)
            gradient[k] += t[c] * power * violation ** (power - 1) / len(y)
            gradient[c] -= t[c] * power * violation ** (power - 1) / len(y)
    return loss, gradient


HEAD_LOSSES: dict[str, Callable[..., tuple[float, Vector]]] = {
    "mean_squared_error": partial(mean_over_outputs, squared_error_loss),
    "mean_absolute_error": partial(mean_over_outputs, absolute_error),
    "huber": partial(mean_over_outputs, huber),
    "log_cosh": partial(mean_over_outputs, log_cosh),
    "mean_absolute_percentage_error": partial(mean_over_outputs, percentage_error),
    "quantile": partial(mean_over_outputs, quantile),
    "binary_cross_entropy": partial(mean_over_outputs, binary_cross_entropy),
    "binary_focal": partial(mean_over_outputs, binary_focal),
    "hinge": partial(mean_over_outputs, hinge),
    "squared_hinge": partial(mean_over_outputs, squared_hinge),
    "softmax_cross_entropy": softmax_cross_entropy,
    "focal": focal,
    "multiclass_hinge": multiclass_hinge,
    "squared_multiclass_hinge": partial(multiclass_hinge, power=2),
}


def batch_loss(
    head_loss: Callable[..., tuple[float, Vector]],
    outputs: Matrix,
    targets: Matrix,
    weights: Vector | None = None,
    heads: Sequence[int] = (),
    **settings: Any,
) -> tuple[float, Matrix]:
    """Return the sum of weight * loss over examples, and the gradient of that sum / the sum of the weights."""
    weights = weights or [1.0] * len(outputs)
    total, gradient = 0.0, []
    for w, y, t in zip(weights, outputs, targets, strict=True):
        parts = [head_loss(y[head], t[head], **settings) for head in slices(heads, len(y))]
        total += w * sum(loss for loss, _ in parts)
        gradient.append([w * slope / sum(weights) for _, slopes in parts for slope in slopes])
    return total, gradient


def slices(heads: Sequence[int], outputs: int) -> list[slice]:
    """Return the outputs of each head; `heads` holds where they begin and end, or nothing for a single one."""
    ends = list(heads) or [0, outputs]
    return [slice(first, last) for first, last in pairwise(ends)]


# Every loss takes outputs, targets, if need be weights and heads, and its settings.
LOSSES = {name: partial(batch_loss, head_loss) for name, head_loss in HEAD_LOSSES.items()}


def sigmoids(outputs: Vector) -> Vector:
    """Return 1 / (1 + e^-y) of each."""
    return [sigmoid(y) for y in outputs]


# From the outputs of one head to its predictions, for the losses where they differ.
LINKS = {
    "softmax_cross_entropy": softmax,
    "focal": softmax,
    "binary_cross_entropy": sigmoids,
    "binary_focal": sigmoids,
}


def right_answers(outputs: Matrix, targets: Matrix, heads: Sequence[int] = ()) -> float:
    """Count the examples whose first largest output stands where the first largest target does, in every head."""
    right = 0
    for y, t in zip(outputs, targets, strict=True):
        parts = [(y[head], t[head]) for head in slices(heads, len(y))]
        right += all(answer.index(max(answer)) == truth.index(max(truth)) for answer, truth in parts)
    return float(right)


def right_labels(outputs: Matrix, targets: Matrix) -> float:
    """Return the sum over examples of the share of labels whose logit is positive if and only if they are there."""
    rows = zip(outputs, targets, strict=True)
    return sum((y_k > 0) == (t_k == 1) for y, t in rows for y_k, t_k in zip(y, t, strict=True)) / len(outputs[0])


def squared_error(outputs: Matrix, targets: Matrix) -> float:
    """Return the sum of (output - target)^2."""
    rows = zip(outputs, targets, strict=True)
    return sum((y_k - t_k) ** 2 for y, t in rows for y_k, t_k in zip(y, t, strict=True))
