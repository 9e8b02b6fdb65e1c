"""What a network is made of: layers, how they are connected, and what is minimised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class Piece(NamedTuple):
    """The name of a piece of the toolbox, and all its settings."""

    name: str
    settings: Mapping[str, Any] = {}

    @classmethod
    def of(cls, node: Mapping[str, Any]) -> Piece:
        """Take a piece from a checked node of the configuration, in which the name stands among the settings."""
        return cls(node["name"], {key: value for key, value in node.items() if key != "name"})


LINEAR = Piece("linear")
PLAIN = Piece("plain")


@dataclass(frozen=True)
class Dense:
    """One fully connected layer: activation(normalisation(noise(inputs) @ weights) + biases)."""

    units: int
    activation: Piece = LINEAR
    noise: tuple[Piece, ...] = ()  # on its inputs
    normalisation: Piece | None = None
    dropconnect: float = 0.0  # probability that a weight is dropped

    @property
    def width(self) -> int:
        """Pre-activations of all units: one each, or for maxout one per piece."""
        return self.units * int(self.activation.settings.get("pieces", 1))


@dataclass(frozen=True)
class Architecture:
    """A fully connected network and its loss; the last layer gives the outputs."""

    inputs: int
    layers: tuple[Dense, ...]
    loss: Piece
    score: str = "right_answers"  # of nnlab.kernels.score
    connection: Piece = PLAIN  # how hidden layers are joined, of nnlab.connection
    heads: tuple[int, ...] = ()  # outputs of each head; empty: one head has them all

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.layers[-1].units

    @property
    def classification(self) -> bool:
        """Whether outputs stand for classes."""
        return self.score == "right_answers"
