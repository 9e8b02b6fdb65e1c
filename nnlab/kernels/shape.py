"""What an operation takes: sizes that follow from the width of its source."""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """The sizes of one operation, in elements."""

    outputs: int  # width of the target
    in_place: bool = False  # whether the target is the source, for values and deltas
    # Whether the deltas are, and the values not; if backward changes them, no activation may follow, which needs them.
    delta_in_place: bool = False
    weights: int = 0  # learned numbers that regularisers act on
    vector: int = 0  # other learned numbers, such as biases
    statistics: int = 0  # numbers that are remembered, but not learned
    masked: int = 0  # weights of which it makes a copy with some of them dropped
    scratch: int = 0  # elements per example that forward leaves for backward
    by_rows: bool = False  # whether forward and backward of some rows do what those of the whole batch do to them
