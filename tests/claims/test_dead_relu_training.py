"""The claim dead-relu-training: what counts as dead, and as collapsed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import load_study

MEASURE = load_study(read_claim(Path(nnlab.__file__).parents[1] / "experiments" / "dead-relu-training"))
TINY = [
    "dataset=absolute",
    "dataset.examples=200",
    "dtype=float64",
    "epochs=1",
    "learning_rate=1e-9",
    "depth=2",
    "width=4",
]


def test_biases_that_turn_all_units_off_leave_a_constant_of_relu_and_not_of_leaky_units() -> None:
    """The error is what the mean leaves over: all of the variance, whichever constant near it that is."""
    off = [*TINY, "initialisation.bias=-100"]
    relu = MEASURE([*off, "activation=relu", "dataset.scale_targets=false"], 0)
    assert (relu["collapsed"], relu["died"], relu["dead"]) == (1, 0, 1)
    assert relu["error"] > 100
    leaky = MEASURE([*off, "activation=leaky_relu"], 0)
    assert (leaky["collapsed"], leaky["dead"]) == (0, 0)


def test_networks_that_a_huge_rate_makes_constant_died_in_training() -> None:
    found = MEASURE([*TINY, "learning_rate=3", "epochs=3"], 0, trainings=5)
    assert (found["collapsed"], found["died"]) == (1, 1)


def test_trainings_of_one_seed_are_others_than_those_of_the_next() -> None:
    one, two, both = MEASURE(TINY, 0), MEASURE(TINY, 1), MEASURE(TINY, 0, trainings=2)
    assert one["error"] != two["error"]
    assert both["error"] == pytest.approx((one["error"] + two["error"]) / 2)
    assert both["dead"] == pytest.approx((one["dead"] + two["dead"]) / 2)


def test_of_classes_the_error_is_the_share_that_is_wrong() -> None:
    overrides = ["dataset=digits", "width=8", "epochs=2"]
    score = nnlab.train([*overrides, "seeds=[3]"]).summary["test_accuracy"][0]
    assert MEASURE(overrides, 3)["error"] == pytest.approx(100 * (1 - score))


def test_a_training_that_diverged_gives_no_number() -> None:
    found = MEASURE(["dataset=line", "optimizer=sgd", "learning_rate=1e6", "epochs=3"], 0)
    assert np.isnan(list(found.values())).all()
