"""Shapes of activations and losses are those of slow, obvious references, and what is drawn is them."""

from __future__ import annotations

from dataclasses import replace

import naive
import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from loss_cases import LOSSES
from tiny_networks import naive_layers, settings_of

from nnlab import registry
from nnlab.errors import ConfigurationError
from nnlab.trace.layer import Layer
from nnlab.trace.shapes import Shape, activation_shapes_figure, loss_shapes_figure, shape_of_loss, shape_of_output
from nnlab.trace.shares import shares_figure
from nnlab.trace.traced import Trace, trace_of, traced

PLACES = np.array([-7.3, -2.9, -0.7, 0.2, 1.1, 3.4, 6.6])  # on both sides of every corner


def one_input(activation: str) -> Trace:
    """Return a network of one input, two hidden units and one output."""
    piece = ACTIVATIONS[activation]
    columns, rng = 2 * int(piece.settings.get("pieces", 1)), np.random.default_rng(3)
    hidden = Layer.of(rng.normal(size=(1, columns)), rng.normal(size=columns), piece)
    settings = settings_of((hidden, Layer.of(np.array([[1.5], [-0.5]]), np.array([0.3]))), examples=1, graphs=0)
    return trace_of(replace(settings, targets=np.zeros((1, 1))))


def naive_shape(trace: Trace) -> Shape:
    layers = naive_layers(trace.settings.layers)
    passes = naive.forward(layers, PLACES[:, None].tolist(), naive.evaluation_masks(layers, len(PLACES)))
    slopes = []
    for z in passes[0].z:
        delta = [row[0] for row in layers[1].weights]
        dz, _ = naive.d_activation(layers[0].activation, layers[0].settings, z, layers[0].learned, delta)
        slopes.append(sum(d * w for d, w in zip(dz, layers[0].weights[0], strict=True)))
    return Shape(np.array(passes[1].activations)[:, 0], np.array(slopes))


def test_all_activations_and_losses_are_tried() -> None:
    tried = {piece.name for pieces in (ACTIVATIONS, LOSSES) for piece in pieces.values()}
    assert tried == set(registry.pieces("nnlab.kernels.activation")) | set(registry.pieces("nnlab.kernels.loss"))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_shape_of_an_output_is_that_of_the_reference(activation: str) -> None:
    trace = one_input(activation)
    shape, reference = shape_of_output(trace, PLACES), naive_shape(trace)
    np.testing.assert_allclose(shape.values, reference.values, rtol=1e-12)
    np.testing.assert_allclose(shape.slopes, reference.slopes, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_shape_of_a_loss_is_that_of_the_reference(loss: str) -> None:
    layer = Layer.of(np.zeros((3, 2)), np.array([0.9, 0.4]))
    settings = settings_of((layer,), loss, examples=3, updates=1, graphs=0)
    shape = shape_of_loss(trace_of(settings), PLACES)
    for place, value, slope in zip(PLACES, *shape, strict=True):
        outputs, targets = [[float(place), 0.4]] * 3, settings.targets.tolist()
        total, delta = naive.LOSSES[loss](outputs, targets, **settings.loss.settings)
        assert value == pytest.approx(total / 3, rel=1e-12)
        assert slope == pytest.approx(sum(row[0] for row in delta), rel=1e-11, abs=1e-14)


def test_an_activation_is_drawn_with_its_slope_beside_it() -> None:
    figure = activation_shapes_figure({"ReLU": traced(["trace=one_unit", "activation=relu"])}, low=-2, high=2)
    values, slopes = (axes.lines[1] for axes in figure.axes)
    np.testing.assert_array_equal(values.get_ydata(), np.maximum(values.get_xdata(), 0))
    np.testing.assert_array_equal(slopes.get_ydata(), np.where(slopes.get_xdata() > 0, 1, 0))
    assert (values.get_xdata()[0], values.get_xdata()[-1]) == (-2, 2)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["ReLU"]


def test_tanh_is_a_scaled_sigmoid() -> None:
    tanh = traced(["trace=one_unit", "activation=tanh"])
    scaled = traced(["trace=one_unit", "activation=sigmoid", "trace.w=[[[2]],[2]]", "trace.b=[0,-1]"])
    for one, other in zip(shape_of_output(tanh, PLACES), shape_of_output(scaled, PLACES), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-15)


def test_the_lowest_loss_is_marked_where_it_is_not_at_an_end() -> None:
    demand = ["trace=one_parameter", "trace.x=[0,0,0]", "trace.y=[1,2,6]", "trace.updates=1"]
    losses = {"mean": "squared", "median": "absolute", "low": "absolute_percentage"}
    traces = {label: traced([*demand, f"loss=mean_{name}_error"]) for label, name in losses.items()}
    inside, outside = (loss_shapes_figure(traces, 0, high).axes[0] for high in (8, 0.5))
    assert [axes.get_title(loc="left") for axes in (inside, outside)] == ["loss (dot: the lowest)", "loss"]
    dots = [line.get_xydata()[0] for line in inside.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(dots, [[3, 14 / 3], [2, 5 / 3], [1, (0 + 1 / 2 + 5 / 6) / 3]])
    assert not [line for line in outside.lines if line.get_marker() == "o"]


def test_shares_of_a_softmax_fill_the_picture_to_1() -> None:
    softmax = ["trace.x=1", "trace.y=[[1,0,0]]", "trace.w=[[-1,0,1]]", "trace.b=[0,0.5,0]", "output_activation=softmax"]
    (axes,) = shares_figure(traced(softmax), low=-2, high=2).axes
    first, _, last = (parts.get_paths()[0].vertices for parts in axes.collections)
    assert last[:, 1].max() == pytest.approx(1)
    at_2 = first[first[:, 0] == 2][:, 1].max()
    assert at_2 == pytest.approx(naive.softmax([-2, 0.5, 2])[0])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["y_hat[3]", "y_hat[2]", "y_hat[1]"]


def test_several_inputs_are_refused() -> None:
    trace = traced(["trace.x=[[1,2]]", "trace.y=1", "trace.w=[1,1]"])
    for figure in (shares_figure, lambda refused: activation_shapes_figure({"": refused})):
        with pytest.raises(ConfigurationError, match="one input"):
            figure(trace)
