"""The largest of several straight lines, piece by piece, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from nnlab.network import Network


class LinearPiece(NamedTuple):
    """Where one of several lines is the largest.

    Attributes:
        element: which line, counted from 0.
        start: where the piece begins.
        end: where it ends.
    """

    element: int
    start: Fraction
    end: Fraction


def pieces_of(unit: Network, low: float = -1, high: float = 1) -> list[LinearPiece]:
    """Return the pieces of which the output of a maxout unit with one input is made on [low, high], from left to right.

    Numbers of the computer are fractions, and worked with as such: nothing is rounded, so a piece is found however
    short it is.
    """
    [[slopes], biases] = unit.weights[0], unit.biases[0]
    lines = [(Fraction(float(slope)), Fraction(float(bias))) for slope, bias in zip(slopes, biases, strict=True)]
    places = [_place(lines, element, Fraction(low), Fraction(high)) for element in range(len(lines))]
    found = [LinearPiece(element, *place) for element, place in enumerate(places) if place[0] < place[1]]
    return sorted(found, key=lambda piece: piece.start)


def _place(
    lines: Sequence[tuple[Fraction, Fraction]], element: int, low: Fraction, high: Fraction
) -> tuple[Fraction, Fraction]:
    """Return from where to where a line is the largest; of equal ones, the first is. Nowhere: the end is not larger."""
    slope, bias = lines[element]
    for other, (its_slope, its_bias) in enumerate(lines):
        if its_slope < slope:
            low = max(low, (its_bias - bias) / (slope - its_slope))
        elif its_slope > slope:
            high = min(high, (its_bias - bias) / (slope - its_slope))
        elif (its_bias, -other) > (bias, -element):
            return low, low
    return low, high
