"""What trained networks make of one input: the training examples, and a curve for each network."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import LINE_STYLES, open_up, panels
from nnlab.training.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.4, 4.0  # inches
_POINTS = 201  # of a curve


def fits_figure(results: Mapping[str, Result], seed: int = 0) -> Figure:
    """Draw the predictions of the networks of one seed over their input, and the examples of the first one's training.

    Args:
        results: of regressions on the same data, by the label to show.
        seed: whose networks are shown.

    Raises:
        ConfigurationError: there is more than one input or target, or no network of that seed.
    """
    first = next(iter(results.values()))
    dataset = first.dataset
    if dataset.task != "regression" or (dataset.inputs.shape[1], dataset.targets.shape[1]) != (1, 1):
        raise ConfigurationError(f"fits can be drawn of one input and one target only, and {dataset.name} has others")
    networks = {label: result.network(seed) for label, result in results.items()}
    rows = next(replicate.split.train for replicate in first.replicates if replicate.seed == seed)
    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    points: dict[str, Any] = {"color": "tab:gray", "markersize": 3, "alpha": 0.5, "zorder": 1}
    axes.plot(dataset.inputs[rows, 0], dataset.targets[rows, 0], "o", label="training examples", **points)
    x = np.linspace(dataset.inputs.min(), dataset.inputs.max(), _POINTS)
    for (label, network), style in zip(networks.items(), cycle(LINE_STYLES)):
        axes.plot(x, network.predict(x[:, None])[:, 0], linestyle=style, linewidth=2, label=label)
    axes.set_xlabel(dataset.feature_names[0])
    axes.set_ylabel("target")
    open_up(axes)
    axes.legend(frameon=False)
    return figure
