"""Regions have the colours of the classes that the network sees, and the examples lie on them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import nnlab
from nnlab.errors import ConfigurationError
from nnlab.figures.decision_regions import class_probabilities, decision_regions_figure


@pytest.fixture(scope="module")
def result():
    return nnlab.train(["dataset=moons", "dataset.examples=200", "width=8", "epochs=3", "seeds=2"])


def test_probabilities_are_those_of_the_points_of_the_grid(result) -> None:
    first, second = np.array([-1.0, 0.0, 2.0]), np.array([0.5, -0.5])
    found = class_probabilities(result, 1, first, second)
    assert found.shape == (2, 3, 2)
    np.testing.assert_allclose(found[1, 2], result.network(1).predict([[2.0, -0.5]])[0])


def test_each_result_has_a_panel_with_its_accuracy(result) -> None:
    figure = decision_regions_figure({"first": result, "again": result}, seed=1)
    accuracy = 100 * result.summary.set_index("seed")["test_accuracy"][1]
    titles = [axes.get_title("left") for axes in figure.axes]
    assert titles == [f"{title}\n{accuracy:.0f} % of new points right" for title in ("first", "again")]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["class 0", "class 1"]


def test_training_examples_are_drawn_in_the_colour_of_their_class(result) -> None:
    axes = decision_regions_figure({"": result}).axes[0]
    split, dataset = result.replicates[0].split, result.dataset
    for label, points in enumerate(axes.collections):
        own = split.train[dataset.targets[split.train].argmax(axis=1) == label]
        np.testing.assert_allclose(points.get_offsets(), dataset.inputs[own])
        np.testing.assert_allclose(points.get_facecolor()[0][:3], to_rgb(("tab:blue", "tab:orange")[label]))


def test_a_place_is_coloured_more_like_the_class_that_is_seen_there(result) -> None:
    axes = decision_regions_figure({"": result}).axes[0]
    image = axes.images[0].get_array()
    left, right, bottom, top = axes.images[0].get_extent()
    rows, columns, _ = image.shape
    probabilities = class_probabilities(result, 0, np.linspace(left, right, columns), np.linspace(bottom, top, rows))
    surest = [np.unravel_index(probabilities[..., label].argmax(), (rows, columns)) for label in (0, 1)]
    assert image[surest[0]][2] > image[surest[1]][2]  # blue
    assert image[surest[1]][0] > image[surest[0]][0]  # orange


def test_of_many_examples_every_so_many_are_drawn() -> None:
    result = nnlab.train(["dataset=two_spirals", "width=4", "epochs=1", "seeds=1"])
    axes = decision_regions_figure({"": result}).axes[0]
    train = result.replicates[0].split.train
    drawn = np.concatenate([points.get_offsets() for points in axes.collections])
    assert 200 < len(drawn) <= 300
    inside = np.hypot(*drawn.T) < 0.5 * np.hypot(*result.dataset.inputs[train].T).max()
    assert 0.2 < inside.mean() < 0.8  # from the whole length of the spirals


@pytest.mark.parametrize("dataset", ["digits", "line"])
def test_other_data_are_refused(dataset: str) -> None:
    result = nnlab.train([f"dataset={dataset}", "width=4", "epochs=1", "seeds=1"])
    with pytest.raises(ConfigurationError, match=f"two inputs only, and {dataset} is another"):
        decision_regions_figure({"": result})
