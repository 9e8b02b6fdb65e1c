"""The study of maxout gives what is known by hand of lines, chords and least errors."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import load_study

EXPERIMENTS = Path(nnlab.__file__).parents[1] / "experiments"
MEASURE = load_study(read_claim(EXPERIMENTS / "maxout"))


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a copy of the study whose functions can be replaced."""
    from importlib.util import module_from_spec, spec_from_file_location

    specification = spec_from_file_location("study_of_maxout", EXPERIMENTS / "maxout" / "study.py")
    assert specification is not None
    assert specification.loader is not None
    module = module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "study_of_maxout", module)
    specification.loader.exec_module(module)
    return module


def test_two_elements_become_the_absolute_value() -> None:
    found = MEASURE([], 3, target="absolute", elements=2, starts=3)
    assert found["largest_error"] < 1e-6
    assert (found["pieces"], found["broken_rules"]) == (2, 0)


def test_four_lines_need_four_elements() -> None:
    few, enough = (MEASURE([], 2000, target="lines", elements=elements, starts=40) for elements in (3, 4))
    assert few["largest_error"] > 0.03
    assert few["pieces"] == 3
    assert enough["largest_error"] < 1e-4
    assert enough["pieces"] == 4


def test_the_least_errors_are_those_that_are_known(study: ModuleType) -> None:
    """Of x² by brute force, over lines; of the sine from its convex hull, which all its chords make."""
    x = np.linspace(-1, 1, 401)
    lines = [np.maximum(-slope * x, slope * x) + bias for slope in np.linspace(0.5, 1.5, 21) for bias in (-0.2, -0.125)]
    assert min(np.abs(line - x**2).max() for line in lines) == pytest.approx(study.least("parabola", 2), abs=1e-4)
    sine, hull = np.sin(np.pi * x), np.sin(np.pi * x)
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            chord = sine[i] + (sine[j] - sine[i]) * (x[i : j + 1] - x[i]) / (x[j] - x[i])
            hull[i : j + 1] = np.minimum(hull[i : j + 1], chord)
    assert (sine - hull).max() / 2 == pytest.approx(study.least("sine", 8), abs=1e-3)
    assert study.least("lines", 3) == 0


def test_drawn_lines_are_four_and_convex(study: ModuleType) -> None:
    for seed in range(20):
        lines = study.drawn_lines(np.random.default_rng(seed))
        x = np.linspace(-1, 1, 20_001)
        slopes = np.diff(lines.function(x[:, None])) / np.diff(x)
        grows = np.diff(slopes) > 1e-6
        assert 3 <= grows.sum() <= 6, "three bends, each between two points or at one"
        assert np.diff(slopes).min() > -1e-6


def test_each_rule_that_is_broken_counts(study: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert study.above_chords(np.array([0, 1, 0, 1, 4])) == 1
    assert study.above_chords(np.array([4, 1, 0, 1, 4])) == -1
    settings = {"target": "parabola", "elements": 2, "starts": 1}
    assert study.measure([], 0, **settings)["broken_rules"] == 0
    monkeypatch.setattr(study, "pieces_of", lambda _: [0] * 3)
    assert study.measure([], 0, **settings)["broken_rules"] == 1
    monkeypatch.setattr(study, "above_chords", lambda _: 0.1)
    assert study.measure([], 0, **settings)["broken_rules"] == 2
    monkeypatch.setattr(study, "best_fit", lambda *_: 0.1)
    assert study.measure([], 0, **settings)["broken_rules"] == 3
