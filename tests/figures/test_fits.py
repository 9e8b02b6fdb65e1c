"""What networks make of one input is drawn as they predict it."""

from __future__ import annotations

import numpy as np
import pytest

import nnlab
from nnlab.errors import ConfigurationError
from nnlab.figures.fits import fits_figure


def test_fits_are_the_predictions_over_the_input_and_the_training_examples() -> None:
    result = nnlab.train(["dataset=line", "dataset.examples=50", "batch_size=10", "depth=0", "epochs=1", "seeds=[2]"])
    (axes,) = fits_figure({"line": result}, seed=2).axes
    points, line = axes.lines
    rows = result.replicates[0].split.train
    np.testing.assert_array_equal(points.get_xydata(), np.hstack([result.dataset.inputs, result.dataset.targets])[rows])
    np.testing.assert_array_equal(line.get_ydata(), result.network(2).predict(line.get_xdata()[:, None])[:, 0])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["training examples", "line"]


def test_each_of_many_networks_has_a_curve() -> None:
    result = nnlab.train(["dataset=line", "dataset.examples=50", "batch_size=10", "depth=0", "epochs=1", "seeds=1"])
    (axes,) = fits_figure({str(number): result for number in range(6)}).axes
    _, *curves = axes.lines
    assert [line.get_label() for line in curves] == ["0", "1", "2", "3", "4", "5"]
    assert [line.get_linestyle() for line in curves[:4]] == ["-", "--", "-.", ":"]


def test_fits_of_classes_are_refused() -> None:
    result = nnlab.train(["dataset=moons", "epochs=1", "seeds=1"])
    with pytest.raises(ConfigurationError, match="one input and one target only, and moons has others"):
        fits_figure({"": result})
