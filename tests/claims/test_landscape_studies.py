"""What the studies on landscapes measure, against slow loops and what is known by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nnlab
from nnlab.claims.reading import read_claim
from nnlab.claims.study import Measure, load_study

EXPERIMENTS = Path(nnlab.__file__).parents[1] / "experiments"
PILOT = 2000  # the first seed that no comparison uses
QUADRATIC = "lr-decay-quadratic"


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


def expected_by_recursion(rates: list[float]) -> float:
    """Carry E[w^2] from update to update: (1 - rate c)^2 E[w^2] + rate^2, for the curvatures 0.1 and 2."""
    loss = 0.0
    for curvature, start in ((0.1, -7.0), (2.0, 2.0)):
        square = start**2
        for rate in rates:
            square = (1 - rate * curvature) ** 2 * square + rate**2
        loss += curvature * square / 2
    return loss


@pytest.mark.parametrize(
    ("overrides", "rates"),
    [
        (["learning_rate=0.1"], [0.1] * 40),
        (["learning_rate=0.5", "schedule=exponential", "schedule.factor=0.9"], [0.5 * 0.9**t for t in range(40)]),
        (["learning_rate=1e-9"], [0.0] * 40),
    ],
)
def test_the_expected_loss_is_that_of_the_recursion_and_of_many_walks(overrides: list[str], rates: list[float]) -> None:
    found = study_of(QUADRATIC)(["optimizer=sgd", *overrides], PILOT, updates=40)
    expected = expected_by_recursion(rates)
    assert found["loss"] / (1 + found["gap"]) == pytest.approx(expected, rel=1e-6)
    assert found["loss"] == pytest.approx(expected, rel=0.1)  # the standard error of 4,000 walks is some 2 per cent


def test_a_constant_rate_is_tuned_to_the_lowest_expected_loss() -> None:
    """The series is geometric: E[w^2] = r^T w^2 + rate^2 (1 - r^T) / (1 - r), with r = (1 - rate c)^2."""
    rates, c, starts = np.geomspace(0.001, 0.95, 60)[:, np.newaxis], np.array([0.1, 2.0]), np.array([-7.0, 2.0])
    r = (1 - rates * c) ** 2
    losses = (c / 2 * (r**40 * starts**2 + rates**2 * (1 - r**40) / (1 - r))).sum(axis=1)
    tuned = study_of(QUADRATIC)(["optimizer=sgd"], PILOT, updates=40, tuned=True)
    assert tuned["loss"] / (1 + tuned["gap"]) == pytest.approx(losses.min(), rel=1e-9)
