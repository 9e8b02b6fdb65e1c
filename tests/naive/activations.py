"""Each activation and its slope: slow, obvious references.

Most act on one unit: z holds its pre-activations, one, or for maxout one per piece; a function gives the value, another
the slopes d value / d z, one per pre-activation. Others act on all pre-activations of an example, and may have learned
numbers. Settings are those of the configuration.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from naive.losses import softmax
from naive.types import Vector

Value = Callable[..., float]
Slopes = Callable[..., Vector]
RowValues = Callable[..., Vector]
RowGradients = Callable[..., tuple[Vector, Vector]]

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
ROOT_2_PI = math.sqrt(2 * math.pi)


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def probability(z: float) -> float:
    return (1 + math.erf(z / math.sqrt(2))) / 2


def gelu_tanh(z: float) -> float:
    return math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))


def softplus(z: float) -> float:
    return math.log(1 + math.exp(z))


UNITS: dict[str, tuple[Value, Slopes]] = {
    "linear": (lambda z: z[0], lambda _: [1.0]),
    "relu": (lambda z: max(z[0], 0.0), lambda z: [1.0 if z[0] > 0 else 0.0]),
    "leaky_relu": (
        lambda z, slope: z[0] if z[0] > 0 else slope * z[0],
        lambda z, slope: [1.0 if z[0] > 0 else slope],
    ),
    "relu6": (lambda z: min(max(z[0], 0.0), 6.0), lambda z: [1.0 if 0 < z[0] < 6 else 0.0]),
    "elu": (
        lambda z, alpha: z[0] if z[0] > 0 else alpha * (math.exp(z[0]) - 1),
        lambda z, alpha: [1.0 if z[0] > 0 else alpha * math.exp(z[0])],
    ),
    "selu": (
        lambda z: SELU_SCALE * (z[0] if z[0] > 0 else SELU_ALPHA * (math.exp(z[0]) - 1)),
        lambda z: [SELU_SCALE * (1.0 if z[0] > 0 else SELU_ALPHA * math.exp(z[0]))],
    ),
    "softplus": (lambda z, beta: softplus(beta * z[0]) / beta, lambda z, beta: [sigmoid(beta * z[0])]),
    "gelu": (
        lambda z: z[0] * probability(z[0]),
        lambda z: [probability(z[0]) + z[0] * math.exp(-z[0] * z[0] / 2) / ROOT_2_PI],
    ),
    "gelu_tanh": (
        lambda z: z[0] * (1 + gelu_tanh(z[0])) / 2,
        lambda z: [
            (1 + gelu_tanh(z[0])) / 2
            + z[0] * (1 - gelu_tanh(z[0]) ** 2) / 2 * math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z[0] ** 2)
        ],
    ),
    "silu": (
        lambda z: z[0] * sigmoid(z[0]),
        lambda z: [sigmoid(z[0]) + z[0] * sigmoid(z[0]) * sigmoid(-z[0])],
    ),
    "mish": (
        lambda z: z[0] * math.tanh(softplus(z[0])),
        lambda z: [math.tanh(softplus(z[0])) + z[0] * sigmoid(z[0]) / math.cosh(softplus(z[0])) ** 2],
    ),
    "sigmoid": (lambda z: sigmoid(z[0]), lambda z: [sigmoid(z[0]) * sigmoid(-z[0])]),
    "hard_sigmoid": (
        lambda z: min(max((z[0] + 3) / 6, 0.0), 1.0),
        lambda z: [1 / 6 if -3 < z[0] < 3 else 0.0],
    ),
    "tanh": (lambda z: math.tanh(z[0]), lambda z: [1 / math.cosh(z[0]) ** 2]),
    "hard_tanh": (lambda z: min(max(z[0], -1.0), 1.0), lambda z: [1.0 if -1 < z[0] < 1 else 0.0]),
    "softsign": (lambda z: z[0] / (1 + abs(z[0])), lambda z: [1 / (1 + abs(z[0])) ** 2]),
    "sine": (
        lambda z, frequency: math.sin(frequency * z[0]),
        lambda z, frequency: [frequency * math.cos(frequency * z[0])],
    ),
    "maxout": (
        lambda z, pieces: max(z),
        lambda z, pieces: [1.0 if k == z.index(max(z)) else 0.0 for k in range(pieces)],
    ),
}


def prelu(z: Vector, learned: Vector, slopes: str, init: float) -> Vector:
    """Return z where z > 0, else slope * z."""
    each = learned * len(z) if slopes == "shared" else learned
    return [z_j if z_j > 0 else slope * z_j for z_j, slope in zip(z, each, strict=True)]


def d_prelu(z: Vector, learned: Vector, delta: Vector, slopes: str, init: float) -> tuple[Vector, Vector]:
    """Return d loss / d z and d loss / d slopes."""
    each = learned * len(z) if slopes == "shared" else learned
    dz = [d if z_j > 0 else slope * d for z_j, slope, d in zip(z, each, delta, strict=True)]
    d_each = [0.0 if z_j > 0 else z_j * d for z_j, d in zip(z, delta, strict=True)]
    return dz, [sum(d_each)] if slopes == "shared" else d_each


def d_softmax(z: Vector, _: Vector, delta: Vector) -> tuple[Vector, Vector]:
    """Return d loss / d z = J delta with the Jacobian J_jk = p_j (1 if j = k else 0) - p_j p_k."""
    p = softmax(z)
    places = range(len(z))
    return [sum(delta[k] * p[k] * ((1 if j == k else 0) - p[j]) for k in places) for j in places], []


ROWS: dict[str, tuple[RowValues, RowGradients]] = {
    "prelu": (prelu, d_prelu),
    "softmax": (lambda z, _: softmax(z), d_softmax),
}


def activation(name: str, settings: Mapping[str, Any], z: Vector, learned: Vector) -> Vector:
    """Return the activations of one example from its pre-activations."""
    if name in ROWS:
        return ROWS[name][0](z, learned, **settings)
    return [UNITS[name][0](unit, **settings) for unit in units(z, settings)]


def d_activation(
    name: str, settings: Mapping[str, Any], z: Vector, learned: Vector, delta: Vector
) -> tuple[Vector, Vector]:
    """Return d loss / d z and d loss / d learned numbers of one example."""
    if name in ROWS:
        return ROWS[name][1](z, learned, delta, **settings)
    rows = zip(units(z, settings), delta, strict=True)
    return [d * slope for unit, d in rows for slope in UNITS[name][1](unit, **settings)], []


def units(z: Vector, settings: Mapping[str, Any]) -> list[Vector]:
    """Cut one example's pre-activations into units."""
    pieces = settings.get("pieces", 1)
    return [z[start : start + pieces] for start in range(0, len(z), pieces)]
