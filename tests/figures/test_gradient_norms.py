"""The gradient that reaches each layer is drawn as it is."""

from __future__ import annotations

import numpy as np

from nnlab.figures.gradient_norms import gradient_norms_figure
from nnlab.network import Gradients


def test_the_gradient_of_each_layer_is_the_root_mean_square_of_its_biases() -> None:
    weights = [np.zeros((3, 2)), np.zeros((2, 4))]
    vanishing = Gradients(weights, [np.array([3e-6, 4e-6]), np.array([0.1, -0.1, 0.1, -0.1], np.float32)])
    figure = gradient_norms_figure({"sigmoid": vanishing, "relu": Gradients(weights, [np.ones(2), np.ones(4)])})
    (axes,) = figure.axes
    np.testing.assert_allclose(axes.lines[0].get_xydata(), [[1, np.sqrt(12.5) * 1e-6], [2, 0.1]], rtol=1e-6)
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [1, 1])
    assert axes.get_yscale() == "log"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["sigmoid", "relu"]
