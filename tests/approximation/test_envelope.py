"""The pieces of a maxout unit are those that one sees when its elements are compared point by point."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby, pairwise

import numpy as np
import pytest

from nnlab.approximation.envelope import LinearPiece, pieces_of
from nnlab.approximation.networks import maxout_unit
from nnlab.network import Network


def unit_of(slopes: list[float], biases: list[float]) -> Network:
    unit = maxout_unit(len(slopes))
    unit.weights[0][:], unit.biases[0][:] = [slopes], biases
    return unit


@pytest.mark.parametrize(
    ("slopes", "biases", "pieces"),
    [
        ([-1, 1], [0, 0], [(0, -1, 0), (1, 0, 1)]),
        ([1, -1], [0, 0], [(1, -1, 0), (0, 0, 1)]),
        ([-1, 0, 1], [0, 0, 0], [(0, -1, 0), (2, 0, 1)]),  # the flat one is the largest at a single point
        ([-1, 0, 1], [0, 0.25, 0], [(0, -1, -0.25), (1, -0.25, 0.25), (2, 0.25, 1)]),
        ([0, 0], [1, 1], [(0, -1, 1)]),  # equal ones are one piece
        ([0, 0], [1, 2], [(1, -1, 1)]),
        ([1, 2], [0, 2], [(1, -1, 1)]),  # they cross outside
    ],
)
def test_pieces_are_those_by_hand(
    slopes: list[float], biases: list[float], pieces: list[tuple[int, float, float]]
) -> None:
    expected = [LinearPiece(element, Fraction(start), Fraction(end)) for element, start, end in pieces]
    assert pieces_of(unit_of(slopes, biases)) == expected


@pytest.mark.parametrize("seed", range(20))
def test_pieces_are_those_that_comparing_point_by_point_shows(seed: int) -> None:
    generator = np.random.default_rng(seed)
    slopes, biases = generator.normal(size=(2, 6))
    points = 20_000
    x = np.linspace(-1, 1, points + 1)
    largest = (np.outer(x, slopes) + biases).argmax(axis=1)
    seen = [(int(element), len(list(run))) for element, run in groupby(largest)]
    pieces = pieces_of(unit_of(list(slopes), list(biases)))
    assert [piece.element for piece in pieces if piece.end - piece.start > Fraction(2, points)] == [
        element for element, run in seen if run > 1
    ]
    assert pieces[0].start == -1
    assert pieces[-1].end == 1
    assert all(piece.end == following.start for piece, following in pairwise(pieces))
