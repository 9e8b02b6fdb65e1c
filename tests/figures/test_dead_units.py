"""Dead units are those that training examples cannot move."""

from __future__ import annotations

import numpy as np

import nnlab
from nnlab.figures.dead_units import dead_shares, dead_units


def test_units_that_are_off_for_all_training_examples_are_dead() -> None:
    overrides = ["dataset=iris", "width=[4,6]", "epochs=1", "seeds=[3,4]", "initialisation.bias=1"]
    slow, fast = (nnlab.train([*overrides, f"learning_rate={rate}"]) for rate in (0.001, 0.01))
    fast.network(3).biases[0][:2] = -1e6
    fast.network(4).biases[1][:] = -1e6
    assert dead_shares(slow) == [0, 0]
    assert dead_shares(fast) == [0.2, 0.6]
    means, seeds = dead_units({"relu": [fast, slow]}).axes[0].lines
    np.testing.assert_allclose(means.get_xydata(), [[0.001, 0], [0.01, 0.4]])
    assert sorted(map(tuple, seeds.get_xydata())) == [(0.001, 0), (0.001, 0), (0.01, 0.2), (0.01, 0.6)]


def test_seeds_that_diverged_have_no_dead_units() -> None:
    result = nnlab.train(["dataset=line", "epochs=1", "seeds=1", "optimizer=sgd", "learning_rate=1e30"])
    assert list(result.summary["diverged"]) == [True]
    assert dead_shares(result) == []
