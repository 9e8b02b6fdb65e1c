"""Gradients as forward numbers times backward numbers."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_networks import layers_of, naive_pass, settings_of

from nnlab.errors import ConfigurationError
from nnlab.trace.backward_product import backward_product_figure, tables_of
from nnlab.trace.traced import trace_of, traced


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "maxout2"])
def test_every_gradient_is_the_product_and_that_of_the_reference(activation: str) -> None:
    layers = layers_of(activation)
    settings = settings_of(layers)
    _, _, gradient = naive_pass(layers, settings.loss, settings.inputs[:1], settings.targets[:1])
    first, second = tables_of(trace_of(settings))
    assert first.gradients == pytest.approx(np.outer(first.forward, first.backward))
    assert second.gradients == pytest.approx(np.outer(second.forward, second.backward))
    weights = first.gradients.size
    assert first.gradients.ravel() == pytest.approx(gradient[:weights])
    assert first.forward == pytest.approx(settings.inputs[0])


def test_the_article_s_network_by_hand() -> None:
    first, second = tables_of(traced(["trace=two_layers"]))
    # a = sigmoid(0), sigmoid(ln 3); y_hat = 2 / 2 + 4 · 3 / 4 - 2 = 2, and dloss/dy_hat = 2 (2 - 1)
    assert second.forward == pytest.approx([0.5, 0.75])
    assert second.backward == pytest.approx([2])
    assert second.gradients == pytest.approx(np.array([[1], [1.5]]))
    assert first.backward == pytest.approx([2 * 2 / 4, 2 * 4 * 3 / 16])
    assert first.gradients == pytest.approx(np.array([[2, 3], [-1, -1.5]]))


def test_a_table_for_each_layer_with_all_its_numbers() -> None:
    figure = backward_product_figure(traced(["trace=two_layers"]))
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert texts[0] == ["dloss/dz1[1]\n1", "dloss/dz1[2]\n1.5", "x[1] = 2", "2", "3", "x[2] = -1", "-1", "-1.5"]
    assert texts[1] == ["dloss/dy_hat\n2", "a1[1] = 0.5", "1", "a1[2] = 0.75", "1.5"]


def test_a_trace_without_graphs_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="at least 1"):
        backward_product_figure(traced(["trace.graphs=0"]))
