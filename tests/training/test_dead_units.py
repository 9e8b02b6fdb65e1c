"""Dead units are those that training examples cannot move."""

from __future__ import annotations

import nnlab
from nnlab.training.dead_units import dead_shares


def test_units_that_are_off_for_all_training_examples_are_dead() -> None:
    result = nnlab.train(["dataset=iris", "width=[4,6]", "epochs=1", "seeds=[3,4]", "initialisation.bias=1"])
    assert dead_shares(result) == [0, 0]
    result.network(3).biases[0][:2] = -1e6
    result.network(4).biases[1][:] = -1e6
    assert dead_shares(result) == [0.2, 0.6]


def test_seeds_that_diverged_have_no_dead_units() -> None:
    result = nnlab.train(["dataset=line", "epochs=1", "seeds=1", "optimizer=sgd", "learning_rate=1e30"])
    assert list(result.summary["diverged"]) == [True]
    assert dead_shares(result) == []
