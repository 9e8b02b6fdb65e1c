"""Functions to fit have the values that their formulas give."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.approximation.targets import target_of
from nnlab.errors import ConfigurationError

BY_HAND = {
    "parabola": {(-1,): 1, (0.5,): 0.25},
    "absolute": {(-0.25,): 0.25, (1,): 1},
    "sine": {(-0.5,): -1, (0,): 0, (0.5,): 1},
    "wave": {(0.25,): 1, (0.75,): -1},
    "cusp": {(0,): -1, (0.25,): 0, (-1,): 1},
    "sawtooth": {(-1,): 1, (-0.875,): -1, (-0.8125,): 0, (-0.75,): 1, (0.125,): -1, (1,): 1},
    "product": {(1, -1): -1, (0.5, 0.5): 0.25},
    "rings": {(0, 0): 1, (0.3, 0.4): -1, (0, 1): 1, (0.25, 0): 0},
}


@pytest.mark.parametrize("name", BY_HAND)
def test_values_are_those_of_the_formula(name: str) -> None:
    target, values = target_of(name), BY_HAND[name]
    found = target.function(np.array(list(values), np.float64))
    assert found == pytest.approx(list(values.values()), abs=1e-12)
    assert np.abs(target.function(target.finer_points)).max() == pytest.approx(1)


@pytest.mark.parametrize("name", ["wave", "rings"])
def test_points_to_fit_are_among_those_where_errors_are_measured(name: str) -> None:
    target = target_of(name)
    points, finer = ({tuple(point) for point in np.round(each, 9)} for each in (target.points, target.finer_points))
    assert points < finer
    assert target.points.shape[1] == target.inputs
    assert (target.points.min(), target.points.max()) == (-1, 1)


def test_an_unknown_target_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"unknown target 'circle'.*parabola"):
        target_of("circle")
