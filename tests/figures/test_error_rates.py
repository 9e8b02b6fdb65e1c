"""Error rates are drawn against what was varied."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from nnlab.figures.error_rates import errors_figure


def result(*accuracies: float) -> SimpleNamespace:
    summary = pd.DataFrame({"test_accuracy": accuracies, "train_accuracy": [1.0] * len(accuracies)})
    return SimpleNamespace(summary=summary)


def test_means_are_lines_and_seeds_are_dots() -> None:
    found = {"one layer": {8: result(0.7, 0.9), 32: result(0.9, 0.95)}, "two": {8: result(0.5, 0.5)}}
    axes = errors_figure(found, "units").axes[0]
    labelled = {line.get_label(): line for line in axes.lines}
    np.testing.assert_allclose(labelled["one layer: test"].get_data(), [[8, 32], [0.2, 0.075]])
    np.testing.assert_allclose(labelled["one layer: training"].get_ydata(), [0, 0])
    np.testing.assert_allclose(labelled["two: test"].get_data(), [[8], [0.5]])
    np.testing.assert_allclose(
        labelled["one layer: test, one seed"].get_xydata(), [[8, 0.3], [8, 0.1], [32, 0.1], [32, 0.05]]
    )
    assert axes.get_xlabel() == "units"
    assert axes.get_xscale() == "log"
