"""The share of dead units is drawn over the learning rate."""

from __future__ import annotations

import numpy as np

import nnlab
from nnlab.figures.dead_units import dead_units_figure


def test_means_are_a_line_and_seeds_are_dots() -> None:
    overrides = ["dataset=iris", "width=[4,6]", "epochs=1", "seeds=[3,4]", "initialisation.bias=1"]
    trained = nnlab.train_each(overrides, "learning_rate", (0.01, 0.001))
    fast = trained[0.01]
    fast.network(3).biases[0][:2] = -1e6
    fast.network(4).biases[1][:] = -1e6
    axes = dead_units_figure({"relu": trained}).axes[0]
    means, seeds = axes.lines[:2]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["relu", "one seed"]
    np.testing.assert_allclose(means.get_xydata(), [[0.001, 0], [0.01, 0.4]])
    assert sorted(map(tuple, seeds.get_xydata())) == [(0.001, 0), (0.001, 0), (0.01, 0.2), (0.01, 0.6)]


def test_none_of_many_results_is_left_out() -> None:
    result = nnlab.train(["dataset=iris", "width=4", "epochs=1", "seeds=1"])
    labels = [str(number) for number in range(12)]
    axes = dead_units_figure({label: {0.001: result} for label in labels}).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()][:12] == labels
