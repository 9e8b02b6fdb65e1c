"""One layer of a traced network: its numbers and its activation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnlab import registry
from nnlab.architecture import LINEAR, Piece

WHOLE_LAYER = ("softmax",)  # activations of which each value depends on all pre-activations


@dataclass(frozen=True)
class Layer:
    """a = activation(x @ weights + biases).

    Attributes:
        weights: (inputs, units * pieces); only maxout has more than one piece per unit.
        biases: (units * pieces,).
        activation: with all its settings.
        learned: numbers that the activation learns, such as the slopes of prelu, (numbers,).
    """

    weights: np.ndarray
    biases: np.ndarray
    activation: Piece
    learned: np.ndarray

    @classmethod
    def of(cls, weights: np.ndarray, biases: np.ndarray, activation: Piece = LINEAR) -> Layer:
        """Return a layer, with what the activation learns at its start."""
        return cls(weights, biases, activation, _start(activation, len(biases)))

    @classmethod
    def activation_alone(cls, layer: Layer) -> Layer:
        """Return the layer that takes pre-activations, and does to them what the activation of another layer does."""
        width = len(layer.biases)
        return cls(np.eye(width), np.zeros(width), layer.activation, layer.learned)

    @classmethod
    def identity(cls, width: int) -> Layer:
        """Return the layer that gives what it takes: its biases have the gradient of that."""
        return cls.of(np.eye(width), np.zeros(width))

    @property
    def products(self) -> Layer:
        """The layer without biases and activation: x @ weights."""
        return Layer.of(self.weights, np.zeros_like(self.biases))

    @property
    def sums(self) -> Layer:
        """The layer without its activation: x @ weights + biases."""
        return Layer.of(self.weights, self.biases)

    @property
    def pieces(self) -> int:
        """Pre-activations of each unit."""
        return int(self.activation.settings.get("pieces", 1))

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.biases) // self.pieces

    @property
    def is_linear(self) -> bool:
        """Whether the pre-activations are what it gives."""
        return self.activation.name == LINEAR.name

    @property
    def nodes(self) -> int:
        """How many nodes it adds to a graph: parameters, products, sums and what the activation makes of them."""
        after = 0 if self.is_linear else self.units
        return self.weights.size + self.learned.size + 3 * len(self.biases) + after

    def sources(self, unit: int) -> range:
        """Return the pre-activations on which the value of a unit depends."""
        if self.activation.name in WHOLE_LAYER:
            return range(len(self.biases))
        return range(unit * self.pieces, (unit + 1) * self.pieces)

    def learned_by(self, unit: int) -> list[int]:
        """Return which of the learned numbers act on a unit: its own, or one for the whole layer."""
        return [unit] if self.learned.size == self.units > 1 else list(range(self.learned.size))


def _start(activation: Piece, width: int) -> np.ndarray:
    """Return what an activation learns besides biases, as a network starts it."""
    piece = registry.piece("nnlab.kernels.activation", activation.name)
    numbers = np.zeros(piece.shape(width, activation.settings, width).vector)
    if hasattr(piece, "start"):
        piece.start(numbers, activation.settings)
    return numbers[width:]
