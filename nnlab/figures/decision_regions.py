"""Which class networks of two inputs see where: the plane in the colours of the classes, and the examples on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import COLOURS, MARKERS, add_legend_below, panels, set_title
from nnlab.training.replicate import Replicate
from nnlab.training.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIDE = 3.6  # inches, of a panel
_POINTS = 161  # of the plane, along each side
_MARGIN = 0.15  # around the examples, in parts of their range
_MOST_EXAMPLES = 300  # that are drawn
_PALE = 0.45  # how much of its colour a class has where the network is sure of it


def decision_regions_figure(results: Mapping[str, Result], seed: int = 0) -> Figure:
    """Draw a panel for each result: how sure its network is of which class, at every place, with training examples.

    The paler the colours, the less sure. Above each panel stands the accuracy on the test examples; the legend has the
    classes of the first result.

    Args:
        results: of classifications with two inputs, by the title of the panel.
        seed: whose networks are shown.

    Raises:
        ConfigurationError: there are not two inputs, or more classes than can be told apart.
    """
    figure, found = panels(len(results), _SIDE, _SIDE)
    for axes, (title, result) in zip(found, results.items(), strict=True):
        _check(result)
        _draw(axes, result, seed)
        accuracy = 100 * _replicate(result, seed).final["test_accuracy"]
        set_title(axes, f"{title}\n{accuracy:.0f} % of new points right")
    add_legend_below(figure, found[0], columns=len(COLOURS))
    return figure


def class_probabilities(result: Result, seed: int, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how probable each class is at the points of a grid, (second, first, classes)."""
    points = np.stack(np.meshgrid(first, second), axis=-1)
    probabilities: np.ndarray = result.network(seed).predict(points.reshape(-1, 2))
    return probabilities.reshape(len(second), len(first), -1)


def _replicate(result: Result, seed: int) -> Replicate:
    return next(each for each in result.replicates if each.seed == seed)


def _check(result: Result) -> None:
    dataset = result.dataset
    if dataset.task != "classification" or dataset.heads or dataset.inputs.shape[1] != 2:  # noqa: PLR2004
        raise ConfigurationError(f"regions can be drawn of classes of two inputs only, and {dataset.name} is another")
    if len(dataset.class_names) > len(COLOURS):
        raise ConfigurationError(f"regions of more than {len(COLOURS)} classes cannot be told apart")


def _draw(axes: Axes, result: Result, seed: int) -> None:
    from matplotlib.colors import to_rgb  # noqa: PLC0415

    dataset = result.dataset
    first, second = (_range_of(values) for values in dataset.inputs.T)
    probabilities = class_probabilities(result, seed, first, second)
    colours = 1 - _PALE * (1 - np.array([to_rgb(colour) for colour in COLOURS[: probabilities.shape[-1]]]))
    extent = (first[0], first[-1], second[0], second[-1])
    axes.imshow(
        np.clip(probabilities @ colours, 0, 1), extent=extent, origin="lower", aspect="auto", interpolation="bilinear"
    )
    train = _replicate(result, seed).split.train
    shown = train[:: -(-len(train) // _MOST_EXAMPLES)]  # every so many: they may be in an order of their own
    labels = dataset.targets[shown].argmax(axis=1)
    for label, name in enumerate(dataset.class_names):
        points = dataset.inputs[shown[labels == label]]
        style: dict[str, Any] = {"s": 12, "color": COLOURS[label], "edgecolors": "black", "linewidths": 0.4}
        axes.scatter(*points.T, marker=MARKERS[label], label=f"class {name}", **style)
    axes.set_xlabel(dataset.feature_names[0])
    axes.set_ylabel(dataset.feature_names[1])


def _range_of(values: np.ndarray) -> np.ndarray:
    margin = _MARGIN * float(np.ptp(values))
    return np.linspace(values.min() - margin, values.max() + margin, _POINTS)
