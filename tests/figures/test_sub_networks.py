"""Sub-networks are drawn with the units that dropout keeps, and predict what these give."""

from __future__ import annotations

import numpy as np
import pytest

import nnlab
from nnlab.approximation.by_hand import dropped_unit
from nnlab.errors import ConfigurationError
from nnlab.figures.sub_networks import sub_networks, sub_networks_figure
from nnlab.network import Network

EXAMPLE = np.array([2.0, 3.0])


def unit() -> Network:
    return dropped_unit([1, 10], 100)


def deep(*more: str) -> Network:
    overrides = ["dataset=moons", "width=[5,4]", "dtype=float64", "initialisation.bias=0.1", *more]
    return nnlab.untrained_network(overrides)


def test_a_unit_with_two_inputs_has_four_sub_networks() -> None:
    found = sub_networks(unit(), EXAMPLE)
    assert len(found) == 4
    for each in found:
        assert each.prediction[0] == 100 + (each.kept[0] * EXAMPLE * [1, 10]).sum()
        assert list(each.kept[1]) == [True]


def test_hidden_units_that_are_off_have_no_part_in_the_prediction() -> None:
    network = deep("dropout=0.5", "input_dropout=0.3")
    x = (EXAMPLE - network.scaling.input_shift) * network.scaling.input_scale
    found = sub_networks(network, EXAMPLE)
    assert len(found) > 50
    for inputs, first, second, outputs in (each.kept for each in found):
        assert outputs.all()
        a = np.maximum(inputs * x / 0.7 @ network.weights[0] + network.biases[0], 0)
        b = np.maximum(first * a / 0.5 @ network.weights[1] + network.biases[1], 0)
        z = np.exp(second * b / 0.5 @ network.weights[2] + network.biases[2])
        own = next(each for each in found if each.kept[1] is first)
        np.testing.assert_allclose(own.prediction, z / z.sum())


def test_each_draw_has_a_panel_with_its_prediction_and_below_is_their_mean() -> None:
    figure = sub_networks_figure(unit(), EXAMPLE)
    found = sub_networks(unit(), EXAMPLE)
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == [f"draw {number}: predicts {each.prediction[0]:g}" for number, each in enumerate(found, start=1)]
    assert "mean of these predictions: 116; whole network, scaled: 116" in figure.get_supxlabel()  # 100 + (2 + 30) / 2
    for axes, each in zip(figure.axes, found, strict=True):
        edges, on, off, crosses, *_ = axes.collections  # the inputs' units come first
        assert [len(units.get_offsets()) for units in (on, off)] == [each.kept[0].sum(), (~each.kept[0]).sum()]
        assert len(crosses.get_offsets()) == int((~each.kept[0]).sum())
        assert len(edges.get_segments()) == each.kept[0].sum()


def test_only_so_many_are_drawn_and_classes_have_no_single_prediction() -> None:
    figure = sub_networks_figure(deep("dropout=0.5"), EXAMPLE, most=6)
    assert [axes.get_title() for axes in figure.axes] == [f"draw {number}" for number in range(1, 7)]
    assert "mean" not in figure.get_supxlabel()


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no dropout"):
        sub_networks_figure(deep(), EXAMPLE)
    with pytest.raises(ConfigurationError, match="layer of 25 units cannot be drawn: at most 24"):
        sub_networks_figure(nnlab.untrained_network(["dataset=moons", "width=25", "dropout=0.5"]), EXAMPLE)
