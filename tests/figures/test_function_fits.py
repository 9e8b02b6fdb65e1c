"""Figures of fits show the target, the fit, and of a maxout unit its elements and its pieces."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnlab.approximation.fitting import fitted
from nnlab.approximation.networks import maxout_unit, relu_network
from nnlab.errors import ConfigurationError
from nnlab.figures.function_fits import bends_of, maxout_figure, relu_fits_figure
from nnlab.network import Network


def maxout_unit_on(target: str, elements: int) -> Network:
    return fitted(maxout_unit(elements), target, starts=40)


def labelled(axes: Axes, label: str) -> list[Line2D]:
    return [line for line in axes.lines if line.get_label() == label]


def test_a_maxout_unit_is_drawn_as_the_largest_of_its_elements() -> None:
    figure = maxout_figure("parabola", [maxout_unit_on("parabola", elements) for elements in (2, 3)])
    for axes, elements in zip(figure.axes, (2, 3), strict=True):
        lines = np.array([line.get_ydata() for line in labelled(axes, "elements")])
        assert len(lines) == elements
        [largest], [target] = labelled(axes, "the largest of them"), labelled(axes, "target: x²")
        np.testing.assert_allclose(largest.get_ydata(), lines.max(axis=0), atol=1e-12)
        np.testing.assert_allclose(target.get_ydata(), target.get_xdata() ** 2)
        [bends] = labelled(axes, "bends")
        assert len(bends.get_xdata()) == elements - 1
        error = np.abs(largest.get_ydata() - target.get_ydata()).max()
        assert axes.get_title() == f"{elements} elements, {elements} pieces\nlargest error {error:.2g}"


def test_a_bend_is_where_two_elements_are_equal_and_largest() -> None:
    [axes] = maxout_figure("parabola", [maxout_unit_on("parabola", 3)]).axes
    [bends] = labelled(axes, "bends")
    for x, y in bends.get_xydata():
        heights = sorted(np.interp(x, *line.get_data()) for line in labelled(axes, "elements"))
        assert heights[-2:] == pytest.approx([y, y], abs=1e-9)


def test_what_is_fitted_exactly_has_no_error() -> None:
    [axes] = maxout_figure("absolute", [maxout_unit_on("absolute", 2)]).axes
    assert axes.get_title() == "2 elements, 2 pieces\nno error"


def test_fits_of_more_units_have_more_bends_and_lower_errors() -> None:
    figure = relu_fits_figure("wave", [fitted(relu_network([units]), "wave") for units in (2, 12)])
    errors = []
    for axes, units in zip(figure.axes, (2, 12), strict=True):
        [fit], [target], [bends] = (labelled(axes, label) for label in ("fit", "target: sin 2πx", "bends"))
        errors.append(np.abs(fit.get_ydata() - target.get_ydata()).max())
        assert axes.get_title() == f"{units} ReLU units\nlargest error {errors[-1]:.2g}"
        assert len(bends.get_xdata()) <= units
        np.testing.assert_allclose(bends.get_ydata(), np.interp(bends.get_xdata(), *fit.get_data()), atol=0.02)
    assert errors[1] < errors[0] / 3


def test_bends_are_where_units_turn_on_or_off() -> None:
    network = relu_network([4])
    network.weights[0][:], network.biases[0][:] = [[2, -1, 1, 0]], [-1, -0.25, 3, 1]
    assert bends_of(network) == pytest.approx([-0.25, 0.5])


@pytest.mark.parametrize(("count", "panels"), [(1, 1), (4, 4), (5, 8)])
def test_panels_without_a_network_are_empty(count: int, panels: int) -> None:
    figure = relu_fits_figure("absolute", [relu_network([2])] * count)
    assert [axes.axison for axes in figure.axes] == [True] * count + [False] * (panels - count)


def test_a_target_of_two_inputs_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="target=rings takes 2 inputs"):
        maxout_figure("rings", [])
