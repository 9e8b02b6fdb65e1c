"""The sub-networks of dropout: which units of a network are on, draw by draw, and what is predicted with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.errors import ConfigurationError
from nnlab.figures.panels import panels
from nnlab.kernels.structures import Draw
from nnlab.network import Network, draws

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_UNITS = 24  # of a layer that can still be told apart
_SAMPLES = 200  # of which the first different ones are shown
_WIDTH, _HEIGHT, _UNIT = 2.6, 0.8, 0.32  # inches, of a panel, around its units, of a unit
_SIZE = 90  # of a unit, in square points
_DIGITS = 3


class SubNetwork(NamedTuple):
    """What is left of a network in one draw of dropout.

    Attributes:
        kept: of each column, the inputs first and the outputs last, which units are on, (units,).
        prediction: for the example, (outputs,).
    """

    kept: tuple[np.ndarray, ...]
    prediction: np.ndarray


def sub_networks_figure(network: Network, example: ArrayLike, most: int = 4, seed: int = 0) -> Figure:
    """Draw the first sub-networks that dropout draws for one example, each that comes again only once.

    With a single output, what each of them predicts stands above it, and below all the mean of these predictions
    and the prediction of the whole network, whose weights are scaled.

    Args:
        network: with dropout of inputs or hidden units, trained or not.
        example: raw, (features,).
        most: of them.
        seed: of the draws.

    Raises:
        ConfigurationError: there is no dropout, or a layer has more units than can be drawn.
    """
    found = sub_networks(network, example, seed)[:most]
    largest = max(map(len, found[0].kept))
    if largest > _MOST_UNITS:
        raise ConfigurationError(f"a layer of {largest} units cannot be drawn: at most {_MOST_UNITS} can")
    columns = len(found) if len(found) <= 4 else -(-len(found) // 2)  # noqa: PLR2004
    figure, shown = panels(len(found), _WIDTH, _HEIGHT + _UNIT * largest, columns)
    for number, (axes, each) in enumerate(zip(shown, found, strict=True), start=1):
        _draw(axes, each.kept)
        text = f": predicts {each.prediction[0]:.{_DIGITS}g}" if each.prediction.size == 1 else ""
        axes.set_title(f"draw {number}{text}", fontsize=10)
    figure.supxlabel(_summary(network, example, found), fontsize=9)
    return figure


def sub_networks(network: Network, example: ArrayLike, seed: int = 0) -> list[SubNetwork]:
    """Return the different sub-networks among 200 draws of dropout, in the order in which they come.

    Raises:
        ConfigurationError: there is no dropout.
    """
    inputs = np.asarray(example)[None]
    drawn, predictions = draws(_SAMPLES, seed), network.sample_predictions(inputs, _SAMPLES, seed)[:, 0]
    found: dict[bytes, SubNetwork] = {}
    for draw, prediction in zip(drawn, predictions, strict=True):
        kept = _kept(network, inputs, draw)
        found.setdefault(b"".join(each.tobytes() for each in kept), SubNetwork(kept, prediction))
    return list(found.values())


def _kept(network: Network, inputs: np.ndarray, draw: Draw) -> tuple[np.ndarray, ...]:
    """Return which units of each column a draw keeps for the one example: those whose factor is not 0."""
    dropping = {each.layer: each for each in network.plan.operations if each.kind == "noise" and each.shape.scratch}
    if not dropping:
        raise ConfigurationError("the network has no dropout, so there are no sub-networks")
    values, architecture = network.values_of(inputs, draw), network.architecture
    kept = [np.ones(width, bool) for width in (architecture.inputs, *(layer.units for layer in architecture.layers))]
    for layer, operation in dropping.items():  # of a layer's inputs; the factors are what it leaves for backward
        kept[layer] = values[operation.scratch : operation.scratch + operation.source.width] != 0
    return tuple(kept)


def _draw(axes: Axes, kept: Sequence[np.ndarray]) -> None:
    from matplotlib.collections import LineCollection  # noqa: PLC0415

    heights = [(len(units) - 1) / 2 - np.arange(len(units)) for units in kept]
    for column, (before, after) in enumerate(pairwise(kept)):
        starts, ends = heights[column][before], heights[column + 1][after]
        lines = [[(column, start), (column + 1, end)] for start in starts for end in ends]
        axes.add_collection(LineCollection(lines, colors="tab:gray", linewidths=0.6, zorder=1))
    for column, (units, height) in enumerate(zip(kept, heights, strict=True)):
        _draw_units(axes, column, height[units], facecolors="tab:blue", edgecolors="black", linewidths=0.8)
        _draw_units(axes, column, height[~units], facecolors="white", edgecolors="tab:gray", linewidths=0.8)
        axes.scatter(
            np.full((~units).sum(), column), height[~units], s=_SIZE / 2, marker="x", color="tab:red", zorder=3
        )
    axes.set_xlim(-0.4, len(kept) - 0.6)
    largest = max(map(len, kept))
    axes.set_ylim(-largest / 2, largest / 2)
    axes.set_axis_off()


def _draw_units(axes: Axes, column: int, heights: np.ndarray, **style: Any) -> None:
    axes.scatter(np.full(len(heights), column), heights, s=_SIZE, zorder=2, **style)


def _summary(network: Network, example: ArrayLike, found: Sequence[SubNetwork]) -> str:
    legend = "columns: inputs, hidden layers, outputs; blue: on, crossed out: dropped"
    if found[0].prediction.size > 1:
        return legend
    mean = np.mean([each.prediction[0] for each in found])
    whole = network.predict(np.asarray(example)[None])[0, 0]
    return f"{legend}\nmean of these predictions: {mean:.{_DIGITS}g}; whole network, scaled: {whole:.{_DIGITS}g}"
