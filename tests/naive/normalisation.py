"""Normalisations, forward and backward: slow, obvious references, with gradients written out as the articles do."""

from __future__ import annotations

import math

from naive.types import Matrix, Vector


def mean(x: Vector) -> float:
    """Return the mean."""
    return sum(x) / len(x)


def variance(x: Vector) -> float:
    """Return the mean of squared differences from the mean."""
    return mean([(v - mean(x)) ** 2 for v in x])


def columns(x: Matrix) -> Matrix:
    """Return the transpose."""
    return [list(column) for column in zip(*x, strict=True)]


def normalised(x: Vector, epsilon: float) -> Vector:
    """Return (x - mean) / sqrt(variance + epsilon)."""
    return [(v - mean(x)) / math.sqrt(variance(x) + epsilon) for v in x]


def d_normalised(x: Vector, delta: Vector, epsilon: float) -> Vector:
    """Return d loss / d x from d loss / d x_hat: Ioffe and Szegedy 2015, section 3, step by step."""
    count, centre = len(x), mean(x)
    deviation = math.sqrt(variance(x) + epsilon)
    d_variance = sum(d * (v - centre) for d, v in zip(delta, x, strict=True)) * -0.5 * deviation**-3
    d_mean = -sum(delta) / deviation - d_variance * 2 * sum(v - centre for v in x) / count
    return [
        d / deviation + d_variance * 2 * (v - centre) / count + d_mean / count for d, v in zip(delta, x, strict=True)
    ]


def layer_normalised(x: Matrix, epsilon: float) -> Matrix:
    """Return x_hat, each example over its units."""
    return [normalised(row, epsilon) for row in x]


def batch_normalised(x: Matrix, epsilon: float) -> Matrix:
    """Return x_hat, each unit over its examples."""
    return columns(layer_normalised(columns(x), epsilon))


def d_layer_normalised(x: Matrix, delta: Matrix, epsilon: float) -> Matrix:
    """Return d loss / d x from d loss / d x_hat."""
    return [d_normalised(*rows, epsilon) for rows in zip(x, delta, strict=True)]


def d_batch_normalised(x: Matrix, delta: Matrix, epsilon: float) -> Matrix:
    """Return d loss / d x from d loss / d x_hat."""
    return columns(d_layer_normalised(columns(x), columns(delta), epsilon))


def running(before: float, x: Vector, momentum: float, *, of_variance: bool) -> float:
    """Return a running mean after another batch: of means, or of unbiased variances."""
    now = sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1) if of_variance else mean(x)
    return (1 - momentum) * before + momentum * now
