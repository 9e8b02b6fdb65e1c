"""What is traced: tiny data, a tiny network and how it is updated, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.checks import Parameter, check_parameters, optional, whole
from nnlab.errors import ConfigurationError, bad_value, unknown_name
from nnlab.schema import AUTO, Config
from nnlab.trace.arrays import layers_of, matrix_of, vectors_of
from nnlab.trace.layer import Layer

MOST_NODES = 60  # of a graph that can still be read
_MOST_UPDATES = 10_000
_MOST_DIGITS = 17  # with which a float64 is read back exactly
_TRACE = {
    "x": Parameter(None, matrix_of),
    "y": Parameter(None, matrix_of),
    "w": Parameter(None, layers_of),
    "b": Parameter(None, optional(lambda _, value: value)),
    "updates": Parameter(None, optional(whole(1, _MOST_UPDATES))),
    "graphs": Parameter(3, whole(0)),
    "digits": Parameter(6, whole(1, _MOST_DIGITS)),
}
_KEYS = (
    *("trace", "activation", "layer_activations", "output_activation"),
    *("loss", "optimizer", "learning_rate", "batch_size"),
)


@dataclass(frozen=True)
class TraceSettings:
    """What is traced.

    Attributes:
        inputs: (examples, features).
        targets: (examples, outputs).
        layers: of the network, with their first weights.
        loss: with all its settings.
        optimizer: with all its settings, the learning rate among them.
        batch_size: examples of one update.
        updates: how many there are.
        graphs: of how many of them, from the first on, the graph is shown.
        digits: that are printed of a number.
    """

    inputs: np.ndarray
    targets: np.ndarray
    layers: tuple[Layer, ...]
    loss: Piece
    optimizer: Piece
    batch_size: int
    updates: int
    graphs: int
    digits: int

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> TraceSettings:
        """Check every value of a composed configuration.

        Raises:
            ConfigurationError: an unknown key, a value that is not allowed, shapes that do not fit each other, or more
                nodes than can be shown.
        """
        for key in given:
            if key not in _KEYS:
                raise unknown_name("key", str(key), _KEYS)
        trace = check_parameters("trace", given["trace"], _TRACE)
        x, y = trace["x"], trace["y"]
        layers = _layers(given, trace["w"], trace["b"])
        _check_fit(x, y, layers)
        _check_size(layers)
        batch_size = whole(1, len(x))("batch_size", given["batch_size"])
        return cls(
            inputs=x,
            targets=y,
            layers=layers,
            loss=_loss(given["loss"]),
            optimizer=_optimizer(given["optimizer"], given["learning_rate"]),
            batch_size=batch_size,
            updates=trace["updates"] or -(-len(x) // batch_size),
            graphs=trace["graphs"],
            digits=trace["digits"],
        )

    def batch(self, update: int) -> np.ndarray:
        """Return the rows of the examples that an update, counted from 0, takes: in their order, over and over."""
        per_pass = -(-len(self.inputs) // self.batch_size)
        first = update % per_pass * self.batch_size
        return np.arange(first, min(first + self.batch_size, len(self.inputs)))


def _layers(given: Mapping[str, Any], weights: Sequence[np.ndarray], b: Any) -> tuple[Layer, ...]:
    pieces = _activations(given, len(weights))
    biases = vectors_of("trace.b", b, [matrix.shape[1] for matrix in weights])
    for place, (matrix, piece) in enumerate(zip(weights, pieces, strict=True), start=1):
        per_unit = piece.settings.get("pieces", 1)
        if matrix.shape[1] % per_unit:
            raise ConfigurationError(
                f"trace.w is not allowed: layer {place} must have {per_unit} columns of weights for each unit of "
                f"{piece.name}, side by side, but has {matrix.shape[1]}"
            )
    return tuple(Layer.of(*layer) for layer in zip(weights, biases, pieces, strict=True))


def _activations(given: Mapping[str, Any], layers: int) -> list[Piece]:
    """Return the activation of each layer: those of hidden layers, and that of the outputs."""
    shared = Piece.of(Config.check("activation", given["activation"]))
    own = Config.check("layer_activations", given["layer_activations"])
    if layers == 1 and shared.name != "linear":
        raise ConfigurationError(
            f"activation={shared.name} is for hidden layers, but trace.w has one layer, which gives the outputs: "
            f"use output_activation={shared.name}"
        )
    for layer in own:
        if layer >= layers:
            allowed = f"a hidden layer, and trace.w has {layers - 1} of these"
            raise bad_value("layer_activations layer", layer, allowed)
    hidden = [Piece.of(own[layer]) if layer in own else shared for layer in range(1, layers)]
    return [*hidden, Piece.of(Config.check("output_activation", given["output_activation"]))]


def _loss(value: Any) -> Piece:
    loss = Piece.of(Config.check("loss", value))
    if loss.name == AUTO:
        raise bad_value("loss", AUTO, "the name of a loss: there is no data set whose task would tell which")
    return loss


def _optimizer(value: Any, rate: Any) -> Piece:
    package = "nnlab.kernels.optimizer"
    name = value.get("name") if isinstance(value, Mapping) else value
    rule = registry.piece(package, str(name))  # L-BFGS takes steps of its own, which are no updates by a gradient
    optimizer = Piece.of(Config.check("optimizer", value))
    checked = rule.PARAMETERS["learning_rate"].check("learning_rate", rate)
    return Piece(optimizer.name, {**optimizer.settings, "learning_rate": checked})


def _check_fit(x: np.ndarray, y: np.ndarray, layers: Sequence[Layer]) -> None:
    if len(x) != len(y):
        raise ConfigurationError(
            f"trace.y is not allowed: it must have a row for each example, but has {len(y)}, and trace.x has {len(x)}"
        )
    width, origin = x.shape[1], "trace.x gives"
    for place, layer in enumerate(layers, start=1):
        if len(layer.weights) != width:
            raise ConfigurationError(
                f"trace.w is not allowed: layer {place} must have a row of weights for each value that it takes, but "
                f"has {len(layer.weights)}, and {origin} {width}"
            )
        width, origin = layer.units, f"layer {place} gives"
    if y.shape[1] != width:
        raise ConfigurationError(
            f"trace.y is not allowed: it must have a column for each output, but has {y.shape[1]}, and trace.w gives "
            f"{width}"
        )


def _check_size(layers: Sequence[Layer]) -> None:
    """Refuse a graph that nobody could read, before anything is worked out."""
    nodes = nodes_of(layers)
    if nodes > MOST_NODES:
        raise ConfigurationError(
            f"trace.w is too large to be shown: its graph has {nodes} nodes, and at most {MOST_NODES} are allowed"
        )


def nodes_of(layers: Sequence[Layer]) -> int:
    """Return how many nodes a graph has: inputs, those of each layer, targets and the loss."""
    return len(layers[0].weights) + sum(layer.nodes for layer in layers) + layers[-1].units + 1
