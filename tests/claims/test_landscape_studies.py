"""What the studies on landscapes measure, against slow loops and what is known by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import Measure, load_study

EXPERIMENTS = Path(nnlab.__file__).parents[1] / "experiments"
PILOT = 2000  # the first seed that no comparison uses


def study_of(name: str) -> Measure:
    return load_study(read_claim(EXPERIMENTS / name))


def momentum_arrives(seed: int, rate: float, momentum: float) -> bool:
    """Roll a ball through the double well, step by step: f' = (w + 1.5) w (w - 1), starts from 1 to 3."""
    w, v = np.random.default_rng(seed).uniform(1, 3), 0.0
    for _ in range(500):
        v = momentum * v + (w + 1.5) * w * (w - 1)
        w -= rate * v
    return bool(abs(w + 1.5) < 0.1)


def test_walks_through_the_double_well_arrive_where_a_loop_says_so() -> None:
    measure, seeds = study_of("momentum-escape"), range(PILOT, PILOT + 40)
    for optimizer, momentum in (("momentum", 0.9), ("sgd", 0.0)):
        overrides = [f"optimizer={optimizer}", "learning_rate=0.01"]
        measured = [measure(overrides, seed, where="double_well")["arrived"] for seed in seeds]
        assert measured == [momentum_arrives(seed, 0.01, momentum) for seed in seeds]
        assert any(measured) == (optimizer == "momentum"), "small steps downhill never cross a ridge"


def test_a_tuned_rate_is_the_best_of_those_that_are_tried() -> None:
    measure, seeds = study_of("momentum-escape"), range(PILOT, PILOT + 40)
    tuned = [measure(["optimizer=sgd"], seed, where="plateau", tuned=True)["arrived"] for seed in seeds]
    slow = [measure(["optimizer=sgd", "learning_rate=0.01"], seed, where="plateau")["arrived"] for seed in seeds]
    # pi / sqrt(2 * 0.001) = 70, divided by the rate, are the updates that it takes to cross: far more than 500 at 0.01
    assert not any(slow)
    assert all(tuned)
