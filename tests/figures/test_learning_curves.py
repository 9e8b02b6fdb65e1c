"""Learning curves show what they are given."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnlab.figures.learning_curves import learning_curves_figure
from nnlab.training.curves import bands, merged_bands


def history(seeds: int = 3, epochs: int = 4) -> pd.DataFrame:
    rows = [(seed, epoch) for seed in range(seeds) for epoch in range(1, epochs + 1)]
    frame = pd.DataFrame(rows, columns=["seed", "epoch"])
    for column in ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy"):
        frame[column] = (frame["epoch"] + frame["seed"]) / 10
    return frame


def test_a_curve_is_the_mean_over_seeds_in_the_band_of_all_seeds() -> None:
    figure = learning_curves_figure({"relu": history()})
    validation, training = figure.axes[0].lines
    np.testing.assert_allclose(validation.get_ydata(), [0.2, 0.3, 0.4, 0.5])
    np.testing.assert_allclose(training.get_ydata(), [0.2, 0.3, 0.4, 0.5])
    band = figure.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((0.1, 0.6))


def test_a_seed_that_diverged_leaves_the_others_visible() -> None:
    frame = history()
    frame.loc[frame["seed"] == 2, "validation_loss"] = np.inf
    figure = learning_curves_figure({"relu": frame})
    np.testing.assert_allclose(figure.axes[0].lines[0].get_ydata(), [0.15, 0.25, 0.35, 0.45])


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("value", "words"), [(np.inf, ["every seed diverged\nin its first epoch"]), (0.0, [])])
def test_curves_without_a_value_above_zero_are_drawn(
    value: float, words: list[str], count: int, tmp_path: Path
) -> None:
    frame = history()
    frame[["train_loss", "validation_loss"]] = value
    figure = learning_curves_figure({f"width={i}": frame for i in range(count)})
    figure.savefig(tmp_path / "curves.png")
    assert [text.get_text() for text in figure.axes[0].texts] == words


@pytest.mark.parametrize("count", [12, 48, 100, 101])
def test_many_configurations_with_long_labels_stay_within_the_figure(count: int) -> None:
    labels = [f"width=50 depth=50 connection=highway learning_rate={i} connection.bias=-8" for i in range(count)]
    figure = learning_curves_figure({label: history() for label in labels})
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # that there is no room for the axes
        figure.canvas.draw()
    [legend] = figure.legends
    box = legend.get_window_extent().transformed(figure.transFigure.inverted())
    assert min(box.x0, box.y0) >= 0
    assert max(box.x1, box.y1) <= 1
    assert len(legend.get_texts()) == 3 + (count if count <= 100 else 0)
    assert figure.axes[0].get_position().height * figure.get_figheight() > 2  # inches


@pytest.mark.parametrize("count", [1, 2, 10, 25])
def test_every_configuration_is_named_in_the_legend(count: int) -> None:
    figure = learning_curves_figure({f"width={i}": history() for i in range(count)})
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "lowest to highest seed" in labels
    assert labels.count("validation") == 1
    assert count == 1 or {f"width={i}" for i in range(count)} <= set(labels)


@pytest.mark.parametrize(("count", "marked"), [(1, 0), (2, 2), (10, 10), (11, 0)])
def test_a_few_configurations_differ_in_their_markers_not_in_colour_alone(count: int, marked: int) -> None:
    axes = learning_curves_figure({f"width={i}": history(epochs=30) for i in range(count)}).axes[0]
    markers = [line.get_marker() for line in axes.lines if line.get_marker() != "None"]
    assert len(markers) == len(set(markers)) == marked


def test_curves_of_two_groups_of_seeds_are_those_of_all() -> None:
    whole = history(seeds=5)
    first, second = whole[whole["seed"] < 2], whole[whole["seed"] >= 2]
    joined = merged_bands(bands(first)["train_loss"], bands(second)["train_loss"], (2, 3))
    expected = bands(whole)["train_loss"]
    assert joined.keys() == expected.keys()
    for key, values in expected.items():
        np.testing.assert_allclose(joined[key], values)
