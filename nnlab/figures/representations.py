"""How the layers of a network see the examples: what each gives, in the two directions in which that varies most.

Two pairs of examples are followed from layer to layer: the most similar two of different classes, and the most
different two of the same class. Directions: principal components, which leave out the rest; distances have all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.figures.panels import COLOURS, MARKERS, panels, set_title
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIDE = 3.4  # inches, of a panel


class Pairs(NamedTuple):
    """Two pairs of examples, by their rows.

    Attributes:
        similar: the nearest two of different classes.
        different: the farthest two of the same class.
    """

    similar: tuple[int, int]
    different: tuple[int, int]


def representations_figure(network: Network, inputs: ArrayLike, labels: ArrayLike) -> Figure:
    """Draw a panel for the inputs and for each hidden layer, with the examples in the colours of their classes.

    Args:
        network: trained, or not.
        inputs: raw examples, (n, features).
        labels: numbers of their classes, (n,).
    """
    x, classes = np.asarray(inputs), np.asarray(labels)
    layers = {"inputs": x} | {f"hidden layer {i}": a for i, a in enumerate(network.activations(x), start=1)}
    pairs = pairs_of(x, classes)
    figure, found = panels(len(layers), _SIDE, _SIDE)
    for axes, (title, values) in zip(found, layers.items(), strict=True):
        similar, different = (relative_distance(values, pair) for pair in pairs)
        _draw(axes, in_two_directions(values), classes, pairs)
        set_title(axes, title)
        axes.set_xlabel(f"red pair {similar:.2f}, black pair {different:.2f}\nof the mean distance", fontsize=9)
    return figure


def pairs_of(inputs: np.ndarray, labels: np.ndarray) -> Pairs:
    """Return the pairs that are followed."""
    distances, same = _distances(inputs), labels[:, None] == labels
    near = np.unravel_index(np.where(same, np.inf, distances).argmin(), distances.shape)
    far = np.unravel_index(np.where(same, distances, -np.inf).argmax(), distances.shape)
    return Pairs((int(near[0]), int(near[1])), (int(far[0]), int(far[1])))


def relative_distance(values: np.ndarray, pair: tuple[int, int]) -> float:
    """Return the distance of two rows of (n, units), in parts of the mean distance of two of them."""
    distances = _distances(values)
    count = len(values)
    return float(distances[pair] * count * (count - 1) / distances.sum())


def in_two_directions(values: np.ndarray) -> np.ndarray:
    """Return (n, 2): values (n, units) less their mean, in the directions in which they vary most."""
    centred = values - values.mean(axis=0)
    *_, directions = np.linalg.svd(centred, full_matrices=False)
    projected: np.ndarray = centred @ directions[:2].T
    return projected


def _distances(values: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import cdist  # noqa: PLC0415

    distances: np.ndarray = cdist(values, values)
    return distances


def _draw(axes: Axes, points: np.ndarray, labels: np.ndarray, pairs: Pairs) -> None:
    for label in np.unique(labels):
        style: dict[str, Any] = {"color": COLOURS[label % len(COLOURS)], "alpha": 0.5, "markersize": 3}
        axes.plot(*points[labels == label].T, MARKERS[label % len(MARKERS)], markeredgewidth=0, **style)
    for pair, colour in zip(pairs, ("tab:red", "black"), strict=True):
        axes.plot(*points[list(pair)].T, color=colour, marker="o", markersize=7, markerfacecolor="none", linewidth=1.2)
    axes.set_xticks([])
    axes.set_yticks([])
