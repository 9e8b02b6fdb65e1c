"""The parameters of a network cut into stretches: what one thread works on at a time in the second half of a step.

A stretch is some rows of the weights of a wide layer, the weights of several narrow ones, or the other parameters of
several operations. So large that it is worth telling another thread, so small that its parameters, gradients and what
the optimizer remembers of them stay in the cache of a core, and that all threads end at about the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nnlab.kernels import interfaces
from nnlab.kernels.descent import ALL, VECTORS, WEIGHTS
from nnlab.kernels.structures import NOWHERE, STRETCH
from nnlab.plan import Operation, Plan

_FEWEST = 2_048  # parameters: stretches of fewer are joined
_MOST_UNCUT = 4_096  # weights of a layer that are not cut
_MOST = 65_536  # parameters: a quarter of a megabyte in float32
_PARTS = 8  # of a layer that is cut, where it is not so large that there must be more
_TILE_ROWS = 8  # rows of weights are cut at multiples of this, the height of the tiles that compute their gradients


class Stretch(NamedTuple):
    """What one thread works on at a time, in the order of `nnlab.kernels.structures.STRETCH`."""

    start: int
    length: int
    first: int
    last: int
    first_row: int
    last_row: int
    holds: int
    is_whole: bool


def stretch_table(plan: Plan) -> np.recarray:
    """Return the table (stretches,) of STRETCH."""
    stretches = list(_stretches(plan))
    table = interfaces.table(len(stretches), STRETCH)
    for row, stretch in zip(table, stretches, strict=True):
        for name, value in stretch._asdict().items():
            row[name] = value
    return table


def longest_stretch(plan: Plan) -> int:
    """Return how many parameters the longest stretch has whose gradients only one thread sees."""
    return max((stretch.length for stretch in _stretches(plan) if stretch.is_whole), default=0)


def _stretches(plan: Plan) -> Iterator[Stretch]:
    """Yield stretches that together are all parameters, in their order."""
    operations = plan.operations
    weights = sum(operation.shape.weights for operation in operations)
    vectors = sum(operation.shape.vector for operation in operations)
    if weights + vectors <= _FEWEST:
        yield Stretch(0, weights + vectors, 0, len(operations), 0, NOWHERE, ALL, is_whole=False)
        return
    yield from _stretches_of_weights(operations)
    sizes = [operation.shape.vector for operation in operations]
    for first, last, count in _joined(sizes, range(len(operations))):
        start = weights + sum(sizes[:first])
        yield Stretch(start, count, first, last, 0, NOWHERE, VECTORS, is_whole=False)


def _stretches_of_weights(operations: Sequence[Operation]) -> Iterator[Stretch]:
    """Yield runs of narrow layers, and between them the parts of wide ones."""
    sizes = [operation.shape.weights for operation in operations]
    ends = [k for k, operation in enumerate(operations) if _stands_alone(operation)]
    for before, end in zip([-1, *ends], [*ends, len(operations)], strict=True):
        for first, last, count in _joined(sizes, range(before + 1, end)):
            yield Stretch(sum(sizes[:first]), count, first, last, 0, NOWHERE, WEIGHTS, is_whole=True)
        if end < len(operations):
            yield from _parts(operations[end], sum(sizes[:end]), end)


def _stands_alone(operation: Operation) -> bool:
    """Tell whether an operation's weights are many, or have gradients already when backward ends."""
    has_gradients = not hasattr(operation.piece, "gradients") and operation.shape.weights > 0
    return has_gradients or operation.shape.weights > _MOST_UNCUT


def _parts(operation: Operation, start: int, number: int) -> Iterator[Stretch]:
    """Yield one layer's weights, cut between rows where their gradients are still to be computed."""
    inputs, width = operation.source.width, operation.target.width
    if not hasattr(operation.piece, "gradients"):
        yield Stretch(start, inputs * width, number, number + 1, 0, NOWHERE, WEIGHTS, is_whole=False)
        return
    rows = max(1, min(-(-inputs // _PARTS), _MOST // width))
    rows = -(-rows // _TILE_ROWS) * _TILE_ROWS
    for first in range(0, inputs, rows):
        last = min(first + rows, inputs)
        count = (last - first) * width
        yield Stretch(start + first * width, count, number, number + 1, first, last, WEIGHTS, is_whole=True)


def _joined(sizes: Sequence[int], places: range) -> Iterator[tuple[int, int, int]]:
    """Yield runs of places whose sizes add up to enough: first, the one after the last, and their sum."""
    first, count = places.start, 0
    for place in places:
        count += sizes[place]
        if count >= _FEWEST:
            yield first, place + 1, count
            first, count = place + 1, 0
    if count:
        yield first, places.stop, count
