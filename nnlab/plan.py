"""A network as operations in the order in which they run, each with its sizes and the places that it reads and writes.

Values: each place is a region of its own, kept for backward. Deltas: two regions take turns along a chain of
operations, since backward needs only the one that it reads and the one that it writes; what comes back past a block
waits in a further region, which the next block uses again.
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

_TURNS = 2  # regions of the deltas that take turns


class Place(NamedTuple):
    """Where values lie, and where d loss / d values will."""

    offset: int  # in values
    width: int
    region: int  # of the deltas, or NOWHERE: nobody asks for the gradient with respect to the data


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
    regions: int = _TURNS
    layer: int = -1  # the last that has begun, from 0

    def __post_init__(self) -> None:
        self._free: list[int] = []  # regions that no place uses any more
        self._is_aside = False
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
        if self.place.region == NOWHERE:
            return self.place
        skip = self.place._replace(region=self._take_region())
        self.add("operation", "fork", {}, skip=skip)
        return skip

    def aside(self, start: Place, append: Callable[[], None]) -> Place:
        """Let `append` append operations to a place that `fork` returned; return where they end, and go back."""
        main, self.place, self._is_aside = self.place, start, True
        append()
        end, self.place, self._is_aside = self.place, main, False
        self._release(start)
        return end

    def join(self, name: str, settings: Mapping[str, Any], **joined: Place) -> None:
        """Append an operation that ends other paths, whose regions the next ones use again.

        Backward comes to the next paths first, and is through with them when it comes to these.
        """
        self.add("operation", name, settings, **joined)
        for place in joined.values():
            self._release(place)

    def add(
        self, kind: str, name: str, settings: Mapping[str, Any], outputs: int | None = None, /, **joined: Place
    ) -> None:
        """Append an operation; `outputs` is the width of its target where its sources leave that open."""
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
        return Place(offset, shape.outputs, source.region if shape.delta_in_place else self._next_region(source.region))

    def _next_region(self, region: int) -> int:
        """Take turns on the main path; beside it, every place has a region of its own."""
        return self._take_region() if self._is_aside else int(region == 0)

    def _take_region(self) -> int:
        if self._free:
            return self._free.pop()
        self.regions += 1
        return self.regions - 1

    def _release(self, place: Place) -> None:
        if place.region != NOWHERE:
            self._free.append(place.region)
