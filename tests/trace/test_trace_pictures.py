"""Pictures of descents, fits, courses and layers show what the trace says."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_networks import layers_of, settings_of

from nnlab.errors import ConfigurationError
from nnlab.trace.before_after import before_after_figure
from nnlab.trace.course import course_figure
from nnlab.trace.descent import descent_figure, losses_along, steps_along
from nnlab.trace.fit import fit_figure
from nnlab.trace.product import product_figure
from nnlab.trace.traced import Trace, trace_of, traced

RATES = {"crawls": 0.01, "right": 0.4, "bounces": 0.9, "diverges": 1.1}


def along_b(rate: float) -> Trace:
    return traced(["trace=one_parameter", f"learning_rate={rate}"])


def test_the_path_has_the_network_before_the_first_update_and_after_each() -> None:
    trace = traced()
    assert [float(layers[0].biases[0]) for layers in trace.path] == pytest.approx([1, 0.6, -0.48])
    for update, before, after in zip(trace.updates, trace.path, trace.path[1:], strict=False):
        assert float(update.layers[0].weights[0, 0]) == float(before[0].weights[0, 0]) == update.parameter("w").old
        assert float(after[0].weights[0, 0]) == update.parameter("w").new


@pytest.mark.parametrize("rate", RATES.values())
def test_steps_are_where_the_updates_lead_and_lie_on_the_curve(rate: float) -> None:
    trace = along_b(rate)
    values, losses = steps_along(trace)
    assert values == pytest.approx(3 - 2 * (1 - 2 * rate) ** np.arange(11))  # by hand
    assert losses == pytest.approx((values - 3) ** 2, abs=1e-12)
    assert losses_along(trace, "b", values) == pytest.approx(losses)
    assert losses[:-1] == pytest.approx([update.loss for update in trace.updates])


def test_a_parameter_without_a_part_in_the_loss_stays_where_it_is() -> None:
    assert steps_along(along_b(0.4), "w").values == pytest.approx(np.ones(11))


@pytest.mark.parametrize("name", ["w1[2,1]", "b1[2]", "w2[1,2]"])
def test_a_parameter_of_a_larger_network_is_found_by_its_name(name: str) -> None:
    trace = trace_of(settings_of(layers_of("tanh")))
    values, losses = steps_along(trace, name)
    assert values[:-1] == pytest.approx([update.parameter(name).old for update in trace.updates])
    assert losses_along(trace, name, values[:1]) == pytest.approx(losses[:1])


def test_an_unknown_parameter_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"c.*b.*w"):
        descent_figure({"": along_b(0.4)}, "c")


def test_each_trace_has_a_panel_with_its_curve_steps_and_start() -> None:
    traces = {title: along_b(rate) for title, rate in RATES.items()}
    figure = descent_figure(traces)
    for axes, (title, trace) in zip(figure.axes, traces.items(), strict=True):
        curve, steps, start = axes.lines
        np.testing.assert_allclose(curve.get_ydata(), (curve.get_xdata() - 3) ** 2, atol=1e-12)
        np.testing.assert_array_equal(steps.get_xydata().T, steps_along(trace))
        np.testing.assert_array_equal(start.get_xydata(), [[1, 4]])
        assert axes.get_title(loc="left") == title
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("b", "loss")


def test_the_picture_is_cut_around_what_does_not_diverge_and_says_so() -> None:
    figure = descent_figure({title: along_b(rate) for title, rate in RATES.items()})
    texts = [axes.texts[0].get_text() for axes in figure.axes]
    assert texts[0] == "10 steps, to b = 1.37, loss = 2.67"
    assert texts[3] == "10 steps, to b = -9.38, loss = 153; 8 of them out of sight"
    views = {(*axes.get_xlim(), *axes.get_ylim()) for axes in figure.axes}
    assert len(views) == 1
    assert next(iter(views))[3] < 10


@pytest.mark.parametrize("rate", [1.1, 1e60, 1e200])
def test_a_trace_that_diverges_alone_is_drawn_too(rate: float) -> None:
    trace = along_b(rate)
    axes = descent_figure({"": trace}).axes[0]
    low, high = axes.get_xlim()
    assert low < 1 < high
    np.testing.assert_array_equal(axes.lines[1].get_xdata(), steps_along(trace).values)


@pytest.mark.parametrize(("count", "panels"), [(1, 1), (3, 3), (4, 4), (5, 6)])
def test_panels_without_a_trace_are_empty(count: int, panels: int) -> None:
    figure = descent_figure({str(number): along_b(0.4) for number in range(count)})
    assert [axes.axison for axes in figure.axes] == [True] * count + [False] * (panels - count)


def test_a_fit_has_the_line_before_and_after_each_update() -> None:
    first, second = fit_figure(traced()).axes
    for axes, (old, new) in ((first, ((1, 1), (0.2, 0.6))), (second, ((0.2, 0.6), (1.28, -0.48)))):
        for line, (w, b) in zip(axes.lines[:2], (old, new), strict=True):
            np.testing.assert_allclose(line.get_ydata(), w * line.get_xdata() + b, atol=1e-12)
        np.testing.assert_array_equal(axes.lines[2].get_xydata(), [[2, 1], [-1, -5]])
    np.testing.assert_array_equal(second.lines[3].get_xydata(), [[-1, -5]])
    assert first.get_title(loc="left") == "update 1"


def test_a_fit_shows_the_first_six_updates() -> None:
    assert len(fit_figure(traced(["trace.updates=9", "trace.graphs=0"])).axes) == 6


def test_a_fit_of_several_inputs_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="one input and one output"):
        fit_figure(trace_of(settings_of(layers_of("tanh"))))


def test_a_layer_is_drawn_with_a_line_for_each_weight_and_its_product() -> None:
    weights = [[0.1, -0.2, 0.3, 0.4, 0.5], [1, 0.5, 0, -0.5, -1], [0.2, 0.2, -0.2, -0.2, 0], [-1, 2, 0.5, 0.25, -2]]
    given = ["trace.x=[[1,2,3,4]]", "trace.y=[[0,0,0,0,0]]", f"trace.w={weights}", "trace.b=[0,1,0,-1,0.5]"]
    units, product = product_figure(traced(given)).axes
    colours = [line.get_color() for line in units.lines]
    signs = {1: "tab:blue", 0: "tab:gray", -1: "tab:red"}
    assert colours == [signs[int(np.sign(weight))] for row in weights for weight in row]
    z = np.array([1, 2, 3, 4]) @ np.array(weights) + [0, 1, 0, -1, 0.5]
    texts = [text.get_text() for text in product.texts]
    heads = [texts.index(each) for each in ("x (1 by 4)", "w (4 by 5)", "b (1 by 5)", "z (1 by 5)")]
    assert texts[: heads[0]] == ["1", "2", "3", "4"]
    assert texts[heads[0] + 1] == "·"
    assert [float(text) for text in texts[heads[2] + 2 : heads[3]]] == pytest.approx(z)


def test_before_and_after_are_the_predictions_and_losses_of_the_first_five_updates() -> None:
    trace = traced(["trace=linear_layer"])
    predictions, losses = before_after_figure(trace).axes
    closed = 1 + 2.35507743 * 0.97 ** np.arange(6)  # by hand
    for axes, values in ((predictions, closed), (losses, (closed - 1) ** 2)):
        before, after = axes.lines[-2:]
        np.testing.assert_allclose(before.get_xydata(), np.stack([np.arange(1, 6), values[:-1]], axis=1))
        np.testing.assert_allclose(after.get_xydata(), np.stack([np.arange(1, 6), values[1:]], axis=1))
        for line, value in zip(axes.lines[:-2], values[1:], strict=False):
            np.testing.assert_allclose(line.get_ydata(), [value, value])  # after one is before the next
        numbers = [text.get_text() for text in axes.texts if text.get_text()]
        assert sorted(numbers) == sorted(f"{value:#.5g}" for value in [*values[:-1], *values[1:]])
    assert "4.6200" in [text.get_text() for text in losses.texts], "zeros at the end are digits, too"


@pytest.mark.parametrize("given", [["batch_size=2"], ["trace.w=[[1,2]]", "trace.b=[0,0]", "trace.y=[[1,1],[2,2]]"]])
def test_before_and_after_of_several_examples_or_outputs_are_refused(given: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="one example for each update"):
        before_after_figure(traced(given))


def test_a_course_begins_at_the_start_and_has_a_point_after_each_update() -> None:
    traces = {title: along_b(rate) for title, rate in RATES.items()}
    predictions, losses = course_figure(traces).axes
    for line, loss, rate in zip(predictions.lines, losses.lines, RATES.values(), strict=False):
        closed = 3 - 2 * (1 - 2 * rate) ** np.arange(11)  # by hand
        np.testing.assert_allclose(line.get_ydata(), closed)
        np.testing.assert_allclose(loss.get_ydata(), (closed - 3) ** 2, atol=1e-12)
    assert [line.get_label() for line in predictions.lines] == [*RATES, "right: 3"]


def test_a_course_has_the_predictions_for_the_first_example_and_the_mean_losses_over_all() -> None:
    predictions, losses = (axes.lines[0].get_ydata() for axes in course_figure({"": traced()}).axes)
    lines = [(1, 1), (0.2, 0.6), (1.28, -0.48)]  # w and b, by hand
    expected = [((2 * w + b - 1) ** 2 + (-w + b + 5) ** 2) / 2 for w, b in lines]
    np.testing.assert_allclose(losses, expected)
    np.testing.assert_allclose(predictions, [2 * w + b for w, b in lines])


def test_a_loss_that_stays_the_same_but_for_rounding_has_an_axis_with_numbers() -> None:
    trace = traced(["trace=linear_layer", "trace.x=[[1,1,1]]", "trace.updates=20", "learning_rate=0.25"])
    axes = course_figure({"": trace}).axes[1]
    low, high = axes.get_ylim()
    assert high / low == pytest.approx(10)
    assert low < axes.lines[0].get_ydata().min() < axes.lines[0].get_ydata().max() < high


def test_a_loss_of_0_is_drawn_at_the_lowest_place() -> None:
    losses = course_figure({"": along_b(0.5)}).axes[1].lines[0].get_ydata()
    np.testing.assert_allclose(losses, [4, *[1e-12] * 10])
