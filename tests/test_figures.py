"""Figures show what they are given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nnlab
from nnlab.errors import ConfigurationError
from nnlab.figures.dead_units import dead_shares, dead_units
from nnlab.figures.fits import fits_figure
from nnlab.figures.gradient_norms import gradient_norms
from nnlab.figures.learning_curves import learning_curves
from nnlab.network import Gradients
from nnlab.training.curves import bands, merged_bands


def history(seeds: int = 3, epochs: int = 4) -> pd.DataFrame:
    rows = [(seed, epoch) for seed in range(seeds) for epoch in range(1, epochs + 1)]
    frame = pd.DataFrame(rows, columns=["seed", "epoch"])
    for column in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"):
        frame[column] = (frame["epoch"] + frame["seed"]) / 10
    return frame


def test_a_curve_is_the_mean_over_seeds_in_the_band_of_all_seeds() -> None:
    figure = learning_curves({"relu": history()})
    validation, training = figure.axes[0].lines
    np.testing.assert_allclose(validation.get_ydata(), [0.2, 0.3, 0.4, 0.5])
    np.testing.assert_allclose(training.get_ydata(), [0.2, 0.3, 0.4, 0.5])
    band = figure.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((0.1, 0.6))


def test_a_seed_that_diverged_leaves_the_others_visible() -> None:
    frame = history()
    frame.loc[frame["seed"] == 2, "validation_loss"] = np.inf
    figure = learning_curves({"relu": frame})
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), [0.15, 0.25, 0.35, 0.45])


@pytest.mark.parametrize(("value", "words"), [(np.inf, ["every seed diverged\nin its first epoch"]), (0.0, [])])
def test_curves_without_a_value_above_zero_are_drawn(value: float, words: list[str], tmp_path: Path) -> None:
    frame = history()
    frame[["train_loss", "validation_loss"]] = value
    figure = learning_curves({"": frame})
    figure.savefig(tmp_path / "curves.png")
    assert [text.get_text() for text in figure.axes[0].texts] == words


@pytest.mark.parametrize("count", [1, 2, 10, 25])
def test_every_configuration_is_named_in_the_legend(count: int) -> None:
    figure = learning_curves({f"width={i}": history() for i in range(count)})
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "lowest to highest seed" in labels
    assert count == 1 or {f"width={i}" for i in range(count)} <= set(labels)


def test_curves_of_two_groups_of_seeds_are_those_of_all() -> None:
    whole = history(seeds=5)
    first, second = whole[whole["seed"] < 2], whole[whole["seed"] >= 2]
    joined = merged_bands(bands(first)["train_loss"], bands(second)["train_loss"], (2, 3))
    expected = bands(whole)["train_loss"]
    assert joined.keys() == expected.keys()
    for key, values in expected.items():
        np.testing.assert_allclose(joined[key], values)


def test_the_gradient_of_each_layer_is_the_root_mean_square_of_its_biases() -> None:
    weights = [np.zeros((3, 2)), np.zeros((2, 4))]
    vanishing = Gradients(weights, [np.array([3e-6, 4e-6]), np.array([0.1, -0.1, 0.1, -0.1], np.float32)])
    figure = gradient_norms({"sigmoid": vanishing, "relu": Gradients(weights, [np.ones(2), np.ones(4)])})
    (axes,) = figure.axes
    np.testing.assert_allclose(axes.lines[0].get_xydata(), [[1, np.sqrt(12.5) * 1e-6], [2, 0.1]], rtol=1e-6)
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [1, 1])
    assert axes.get_yscale() == "log"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["sigmoid", "relu"]


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


def test_fits_are_the_predictions_over_the_input_and_the_training_examples() -> None:
    result = nnlab.train(["dataset=line", "dataset.examples=50", "batch_size=10", "depth=0", "epochs=1", "seeds=[2]"])
    (axes,) = fits_figure({"line": result}, seed=2).axes
    points, line = axes.lines
    rows = result.replicates[0].split.train
    np.testing.assert_array_equal(points.get_xydata(), np.hstack([result.dataset.inputs, result.dataset.targets])[rows])
    np.testing.assert_array_equal(line.get_ydata(), result.network(2).predict(line.get_xdata()[:, None])[:, 0])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training examples", "line"]


def test_fits_of_classes_are_refused() -> None:
    result = nnlab.train(["dataset=moons", "epochs=1", "seeds=1"])
    with pytest.raises(ConfigurationError, match="one input and one target only, and moons has others"):
        fits_figure({"": result})
