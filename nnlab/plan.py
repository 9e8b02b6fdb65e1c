"""A network as operations in the order in which they run, each with its sizes and the places that it reads and writes.

Each place is a region of its own, for values and for deltas: backward needs the values, and the gradients of weights
are worked out after backward, from the deltas of all places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, NamedTuple

from nnlab import registry
from nnlab.architecture import Dense
from nnlab.kernels.shape import Shape
from nnlab.kernels.structures import NOWHERE


class Place(NamedTuple):
    """Where values lie, and where d loss / d values will."""

    offset: int  # in values
    width: int
    delta: int  # offset in deltas, or NOWHERE: nobody asks for the gradient with respect to the data


@dataclass(frozen=True)
class Operation:
    """One operation of a plan."""

    kind: str  # the package of its piece within the kernels
    piece: ModuleType
    settings: Mapping[str, Any]
    shape: Shape
    layer: int  # from 0
    source: Place
    target: Place
    scratch: int  # offset in values
    joined: Mapping[str, Place]  # its other sources, by name: "skip" and "gate"

    @property
    def has_biases(self) -> bool:
        """Whether the first of its other learned numbers are biases, one per element of its source."""
        return self.kind == "activation" or hasattr(self.piece, "BIASES")


@dataclass
class Plan:
    """Grows by one operation after the other, each of which reads the current place and leaves its target there."""

    inputs: int
    operations: list[Operation] = field(default_factory=list)
    deltas: int = 0  # first free offset
    layer: int = -1  # the last that has begun, from 0

    def __post_init__(self) -> None:
        self.place = Place(0, self.inputs, NOWHERE)
        self.values = self.inputs  # first free offset: the batch itself lies first

    def disturb(self, first: Dense) -> Dense:
        """Append the noise on the data, which all paths see; return the first layer without it."""
        self.layer += 1  # its random numbers are those of the first layer, which begins after it
        self._add_noise(first)
        self.layer -= 1
        return replace(first, noise=())

    def dense(self, layer: Dense, join: Callable[[], None] | None = None) -> None:
        """Append the operations of one fully connected layer; `join` may append others before its activation."""
        self.layer += 1
        self._add_noise(layer)
        if layer.dropconnect > 0:
            self.add("operation", "dropconnect", {"rate": layer.dropconnect}, layer.width)
        else:
            self.add("operation", "affine", {}, layer.width)
        if layer.normalisation is not None:
            self.add("normalisation", layer.normalisation.name, layer.normalisation.settings)
        if join is not None:
            join()
        self.add("activation", layer.activation.name, layer.activation.settings)

    def fork(self) -> Place:
        """Return the current place as a second source, with a region of its own for what comes back from there."""
        if self.place.delta == NOWHERE:
            return self.place
        skip = self.place._replace(delta=self._take_deltas(self.place.width))
        self.add("operation", "fork", {}, skip=skip)
        return skip

    def aside(self, start: Place, append: Callable[[], None]) -> Place:
        """Let `append` append operations to a place that `fork` returned; return where they end, and go back."""
        main, self.place = self.place, start
        append()
        end, self.place = self.place, main
        return end

    def add(
        self, kind: str, name: str, settings: Mapping[str, Any], outputs: int | None = None, /, **joined: Place
    ) -> None:
        """Append an operation.

        Args:
            kind: the package of its piece within the kernels.
            name: of the piece.
            settings: of the piece.
            outputs: the width of its target, where its sources leave that open.
            joined: the places of other paths that it ends.
        """
        piece = registry.piece(f"nnlab.kernels.{kind}", name)
        width = sum(place.width for place in joined.values()) if outputs is None else outputs
        shape = piece.shape(self.place.width, settings, width)
        source, scratch = self.place, self.values
        self.values += shape.scratch
        target = source if shape.in_place else self._target(source, shape)
        self.operations.append(Operation(kind, piece, settings, shape, self.layer, source, target, scratch, joined))
        self.place = target

    def _add_noise(self, layer: Dense) -> None:
        for noise in layer.noise:
            self.add("noise", noise.name, noise.settings)

    def _target(self, source: Place, shape: Shape) -> Place:
        offset = self.values
        self.values += shape.outputs
        delta = source.delta if shape.delta_in_place else self._take_deltas(shape.outputs)
        return Place(offset, shape.outputs, delta)

    def _take_deltas(self, width: int) -> int:
        self.deltas += width
        return self.deltas - width
