"""Tiny networks to trace, and the same ones as slow, obvious references see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import naive
import numpy as np
from activation_cases import ACTIVATIONS
from loss_cases import LOSSES, targets_for

from nnlab.architecture import LINEAR, Piece
from nnlab.trace.layer import Layer
from nnlab.trace.settings import TraceSettings

SGD = Piece("sgd", {"learning_rate": 0.1})
OUTPUTS = 2


def layers_of(activation: str, seed: int = 0) -> tuple[Layer, ...]:
    """Return a network of 3 inputs, 2 hidden units and 2 outputs with random numbers."""
    piece, rng = ACTIVATIONS[activation], np.random.default_rng(seed)
    columns = 2 * int(piece.settings.get("pieces", 1))
    hidden = Layer.of(rng.normal(size=(3, columns)), rng.normal(size=columns), piece)
    return hidden, Layer.of(rng.normal(size=(2, OUTPUTS)), rng.normal(size=OUTPUTS), LINEAR)


def settings_of(
    layers: tuple[Layer, ...], loss: str = "mean_squared_error", examples: int = 3, **changes: Any
) -> TraceSettings:
    """Return what a trace of random examples needs."""
    rng = np.random.default_rng(5)
    x, y = rng.normal(0, 3, (examples, len(layers[0].weights))), targets_for(loss, rng, examples, (0, OUTPUTS))
    given = {"optimizer": SGD, "batch_size": 1, "updates": examples, "graphs": examples, "digits": 6, **changes}
    return TraceSettings(x, y, layers, LOSSES[loss], **given)


def naive_layers(layers: Sequence[Layer]) -> list[naive.Layer]:
    """Return layers as the references take them."""
    return [
        naive.Layer(
            layer.weights.tolist(),
            layer.biases.tolist(),
            layer.activation.name,
            dict(layer.activation.settings),
            learned=layer.learned.tolist(),
        )
        for layer in layers
    ]


def naive_pass(
    layers: Sequence[Layer], loss: Piece, x: np.ndarray, y: np.ndarray
) -> tuple[list[naive.Trace], float, list[float]]:
    """Return what the layers see and give for a batch, the mean loss, and the gradient of the parameters."""
    own = naive_layers(layers)
    traces = naive.forward(own, x.tolist(), naive.evaluation_masks(own, len(x)))
    total, delta = naive.LOSSES[loss.name](traces[-1].activations, y.tolist(), **loss.settings)
    return traces, total / len(x), naive.backward(own, traces, delta)
