"""Figures of networks show their answers, weights, blocks, gradients and passes."""

from __future__ import annotations

import numpy as np
import pytest

import nnlab
from nnlab.errors import ConfigurationError, DataError
from nnlab.figures.agreement import agreement_figure
from nnlab.figures.answers import answers_figure
from nnlab.figures.blocks import blocks_figure
from nnlab.figures.passes import passes_figure
from nnlab.figures.units import units_figure
from nnlab.training.result import Result

TWO_LAYERS = ["depth=1", "width=20", "activation=sigmoid", "loss=softmax_cross_entropy"]


@pytest.fixture(scope="module")
def trained() -> Result:
    return nnlab.train([*TWO_LAYERS, "seeds=[3,5]", "epochs=2"])


def images_in(figure: object) -> list[np.ndarray]:
    panels = [axes for axes in figure.get_axes() if axes.images]  # type: ignore[attr-defined]
    return [np.asarray(axes.images[0].get_array()) for axes in panels]


def test_answers_are_those_of_the_network_to_its_test_images(trained: Result) -> None:
    figure = answers_figure(trained, seed=5)
    rows = trained.replicates[1].split.test
    predictions = trained.network(5).predict(trained.dataset.inputs[rows])
    labels, answers = trained.dataset.targets[rows].argmax(axis=1), predictions.argmax(axis=1)
    right, wrong = np.flatnonzero(answers == labels), np.flatnonzero(answers != labels)
    assert len(wrong) >= 10
    shown = [*right[:10], *wrong[:10]]
    for axes, image, place in zip(figure.get_axes(), images_in(figure), shown, strict=True):
        np.testing.assert_array_equal(image.ravel(), trained.dataset.inputs[rows[place]])
        assert axes.get_title() == f"{answers[place]} ({predictions[place].max():.0%})"
    assert [axes.get_xlabel() for axes in figure.get_axes()] == [""] * 10 + [
        f"is {labels[each]}" for each in wrong[:10]
    ]
    heads = [part.get_suptitle() for part in figure.subfigs]
    assert heads == [f"right: {len(right):,} of {len(rows):,}", f"wrong: {len(wrong):,} of {len(rows):,}"]


def test_answers_of_a_seed_that_was_not_trained_are_refused(trained: Result) -> None:
    with pytest.raises(ConfigurationError, match="the seeds are 3, 5"):
        answers_figure(trained)


@pytest.mark.parametrize(
    ("dataset", "error", "message"),
    [("wine", DataError, "13 inputs are no square image"), ("diabetes", ConfigurationError, "one class")],
)
def test_answers_to_what_is_no_image_or_has_no_class_are_refused(
    dataset: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        answers_figure(nnlab.train([f"dataset={dataset}", "epochs=1", "seeds=1", "depth=0"]))


def test_a_unit_is_drawn_as_its_weights_pixel_by_pixel() -> None:
    network = nnlab.untrained_network(TWO_LAYERS)
    images = images_in(units_figure(network))
    assert len(images) == 20
    for unit, image in enumerate(images):
        np.testing.assert_array_equal(image, network.weights[0][:, unit].reshape(8, 8))


def test_all_units_share_a_scale_around_0_and_no_more_than_fifty_are_drawn() -> None:
    network = nnlab.untrained_network([*TWO_LAYERS, "width=60"])
    network.weights[0][:] = 0.5
    network.weights[0][0, 0] = -2  # one in 3,200 is beyond the scale
    panels = [axes for axes in units_figure(network).get_axes() if axes.images]
    assert len(panels) == 50
    assert {axes.images[0].get_clim() for axes in panels} == {(-0.5, 0.5)}


def test_weights_on_inputs_that_are_no_square_image_are_refused() -> None:
    with pytest.raises(DataError, match="13 inputs are no square image"):
        units_figure(nnlab.untrained_network(["dataset=wine"]))


def texts_of(figure: object) -> list[str]:
    return [text.get_text() for axes in figure.get_axes() for text in axes.texts]  # type: ignore[attr-defined]


def test_blocks_are_in_order_with_the_shapes_that_go_through_them() -> None:
    texts = texts_of(blocks_figure(nnlab.untrained_network(TWO_LAYERS), batch=100))
    names = ["Affine", "Sigmoid", "Affine", "Softmax\ncross entropy"]
    assert [text for text in texts if text in names] == names
    kept = [text for text in texts if text.startswith("keeps")]
    assert kept == [f"keeps\n100 x {width} values" for width in (64, 20, 20, 10)]
    parameters = [text for text in texts if text.startswith("weights")]
    assert parameters == ["weights 64 x 20\nbiases 20", "weights 20 x 10\nbiases 10"]
    passed = [text for text in texts if text in ("loss", "1") or text.startswith("100 x ")]
    assert passed == ["100 x 64", *(f"100 x {width}" for width in (20, 20, 10) for _ in range(2)), "loss", "1"]


@pytest.mark.parametrize("more", ["normalisation=batch", "connection=residual", "dropout=0.5"])
def test_networks_of_more_than_affine_layers_and_activations_are_not_drawn_as_blocks(more: str) -> None:
    with pytest.raises(ConfigurationError, match="plain networks only"):
        blocks_figure(nnlab.untrained_network(["depth=3", "width=8", more]), 1)


def test_agreement_has_a_point_for_each_parameter_and_counts_what_is_0() -> None:
    backpropagated = np.array([0.5, -0.25, 0.0, 0.0, 1.0])
    numerical = backpropagated + np.array([1e-9, -1e-9, 0.0, 1e-10, 0.0])
    pairs, sizes = agreement_figure(numerical, backpropagated).get_axes()
    np.testing.assert_allclose(pairs.collections[0].get_offsets(), np.stack([backpropagated, numerical], axis=1))
    assert sizes.get_title(loc="left") == "how large they are (1 more are 0 in both)"
    heights = [sum(bar.get_height() for bar in bars) for bars in sizes.containers]
    assert heights == [3, 3]  # gradients that are not 0, and differences that are not


def test_agreement_of_equal_gradients_is_drawn() -> None:
    gradient = np.array([0.5, -0.25])
    sizes = agreement_figure(gradient, gradient).get_axes()[1]
    assert [sum(bar.get_height() for bar in bars) for bars in sizes.containers] == [2, 0]


def test_passes_are_two_for_each_weight_or_parameter_and_two_in_all() -> None:
    networks = {
        "64-10": nnlab.untrained_network(["depth=0"]),
        "64-50-10": nnlab.untrained_network(["depth=1", "width=50"]),
    }
    axes = passes_figure(networks).get_axes()[0]
    widths = [[bar.get_width() for bar in bars] for bars in axes.containers]
    weights, parameters = [64 * 10, 64 * 50 + 50 * 10], [64 * 10 + 10, 64 * 50 + 50 * 10 + 60]
    assert widths == [[2 * count for count in weights], [2 * count for count in parameters], [2, 2]]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(networks)
