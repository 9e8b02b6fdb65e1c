"""Studies of fits give what is known by hand of lines, chords, least errors and numbers of units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnlab
from nnlab import Network
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.claims.reading import read_claim
from nnlab.claims.study import load_study
from nnlab.composition import compose

EXPERIMENTS = Path(nnlab.__file__).parents[1] / "experiments"
MAXOUT, UNIVERSAL = (load_study(read_claim(EXPERIMENTS / name)) for name in ("maxout", "universal"))


def part(study: Any, name: str) -> Any:
    """Return what else is in the file of a study's `measure`."""
    return study.__globals__[name]


def test_two_elements_become_the_absolute_value() -> None:
    found = MAXOUT([], 3, target="absolute", elements=2, starts=3)
    assert found["largest_error"] < 1e-6
    assert (found["pieces"], found["broken_rules"]) == (2, 0)


def test_four_lines_need_four_elements() -> None:
    few, enough = (MAXOUT([], 2000, target="lines", elements=elements, starts=40) for elements in (3, 4))
    assert few["largest_error"] > 0.03
    assert few["pieces"] == 3
    assert enough["largest_error"] < 1e-4
    assert enough["pieces"] == 4


def test_the_least_errors_are_those_that_are_known() -> None:
    """Of x² by brute force, over lines; of the sine from its convex hull, which all its chords make."""
    x = np.linspace(-1, 1, 401)
    lines = [np.maximum(-slope * x, slope * x) + bias for slope in np.linspace(0.5, 1.5, 21) for bias in (-0.2, -0.125)]
    assert min(np.abs(line - x**2).max() for line in lines) == pytest.approx(
        part(MAXOUT, "least")("parabola", 2), abs=1e-4
    )
    sine, hull = np.sin(np.pi * x), np.sin(np.pi * x)
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            chord = sine[i] + (sine[j] - sine[i]) * (x[i : j + 1] - x[i]) / (x[j] - x[i])
            hull[i : j + 1] = np.minimum(hull[i : j + 1], chord)
    assert (sine - hull).max() / 2 == pytest.approx(part(MAXOUT, "least")("sine", 8), abs=1e-3)
    assert part(MAXOUT, "least")("lines", 3) == 0


def test_drawn_lines_are_four_and_convex() -> None:
    for seed in range(20):
        lines = part(MAXOUT, "drawn_lines")(np.random.default_rng(seed))
        x = np.linspace(-1, 1, 20_001)
        slopes = np.diff(lines.function(x[:, None])) / np.diff(x)
        grows = np.diff(slopes) > 1e-6
        assert 3 <= grows.sum() <= 6, "three bends, each between two points or at one"
        assert np.diff(slopes).min() > -1e-6


def test_each_rule_that_is_broken_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert part(MAXOUT, "above_chords")(np.array([0, 1, 0, 1, 4])) == 1
    assert part(MAXOUT, "above_chords")(np.array([4, 1, 0, 1, 4])) == -1
    settings = {"target": "parabola", "elements": 2, "starts": 1}
    assert MAXOUT([], 0, **settings)["broken_rules"] == 0
    monkeypatch.setitem(MAXOUT.__globals__, "pieces_of", lambda _: [0] * 3)
    assert MAXOUT([], 0, **settings)["broken_rules"] == 1
    monkeypatch.setitem(MAXOUT.__globals__, "above_chords", lambda _: 0.1)
    assert MAXOUT([], 0, **settings)["broken_rules"] == 2
    monkeypatch.setitem(MAXOUT.__globals__, "best_fit", lambda *_: 0.1)
    assert MAXOUT([], 0, **settings)["broken_rules"] == 3


def test_the_absolute_value_takes_no_more_units_than_there_are_at_first() -> None:
    """In one layer each has two weights and a bias, in three of two units there are 4 + 6 + 6 + 3 parameters."""
    settings = {"target": "absolute", "tolerance": 0.1, "starts": 20, "most": 9}
    for layers, parameters in ((1, 3 * 6 + 1), (3, 19)):
        assert UNIVERSAL([], 2000, layers=layers, **settings) == {"units": 6, "parameters": parameters, "reached": 1}


def test_what_is_not_reached_counts_as_half_as_many_again() -> None:
    found = UNIVERSAL([], 0, target="cusp", layers=1, tolerance=1e-9, starts=1, most=9)
    assert found == {"units": 13.5, "parameters": 1.5 * (3 * 9 + 1), "reached": 0}


@pytest.mark.parametrize("layers", [1, 3])
def test_the_first_that_fits_counts(layers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    errors, tried = {6: 0.5, 9: 0.2, 12: 0.1, 18: 0.3}, []

    def fitted(_: Any, widths: list[int], *rest: Any) -> tuple[float, int]:
        assert len(widths) == layers
        tried.append((sum(widths), *rest[1:]))
        return errors[sum(widths)], 100 * sum(widths)

    monkeypatch.setitem(UNIVERSAL.__globals__, "fitted", fitted)
    found = UNIVERSAL([], 0, target="wave", layers=layers, tolerance=0.1, starts=7, most=18)
    assert found == {"units": 12, "parameters": 1200, "reached": 1}
    assert tried == [(units, 7, 0.1) for units in (6, 9, 12)]


def test_layers_share_all_units_equally() -> None:
    assert all(units % 3 == 0 for units in part(UNIVERSAL, "UNITS"))


def test_the_networks_that_read_digits_have_as_many_parameters() -> None:
    claim, sizes = read_claim(EXPERIMENTS / "maxout-mnist"), []
    for overrides in claim.arms.values():
        config = compose([*claim.base, *overrides])
        layers = (*(Dense(width, Piece.of(config.activation)) for width in config.widths), Dense(10))
        sizes.append(Network(Architecture(28 * 28, layers, Piece("softmax_cross_entropy"))).parameters.size)
    assert sizes == 2 * [1_233_610, 1_234_006]  # with their best rates and with the usual one
