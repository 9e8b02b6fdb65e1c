"""How the layers of a network see the examples: what each gives, in the two directions in which that varies most.

Two pairs of examples are followed from layer to layer: the most similar two of different classes, and the most
different two of the same class. Directions: principal components, which leave out the rest; distances have all of it,
and are told in the units of nnlab.similarity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nnlab.figures.panels import COLOURS, MARKERS, add_legend_below, panels, set_title
from nnlab.network import Network
from nnlab.similarity import distances_of, partners_of, units_of

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
        inputs: raw examples, (n, features); they are shown as the network gets them, scaled.
        labels: numbers of their classes, (n,).
    """
    x, classes = np.asarray(inputs), np.asarray(labels)
    scaled = (x - network.scaling.input_shift) * network.scaling.input_scale
    layers = {"inputs": scaled} | {f"hidden layer {i}": a for i, a in enumerate(network.activations(x), start=1)}
    pairs = pairs_of(scaled, classes)
    figure, found = panels(len(layers), _SIDE, _SIDE)
    for axes, (title, values) in zip(found, layers.items(), strict=True):
        _draw(axes, in_two_directions(values), classes, pairs)
        set_title(axes, title)
        axes.set_xlabel(_distances_text(values, classes, pairs), fontsize=9)
    add_legend_below(figure, found[0], columns=len(COLOURS))
    return figure


def pairs_of(inputs: np.ndarray, labels: np.ndarray) -> Pairs:
    """Return the pairs that are followed."""
    distances, rows = distances_of(inputs), np.arange(len(inputs))
    similar, different = partners_of(distances, labels)
    near, far = distances[rows, similar].argmin(), distances[rows, different].argmax()
    return Pairs((int(near), int(similar[near])), (int(far), int(different[far])))


def in_two_directions(values: np.ndarray) -> np.ndarray:
    """Return (n, 2): values (n, units) less their mean, in the directions in which they vary most."""
    centred = values - values.mean(axis=0)
    *_, directions = np.linalg.svd(centred, full_matrices=False)
    projected: np.ndarray = centred @ directions[:2].T
    return projected


def _distances_text(values: np.ndarray, labels: np.ndarray, pairs: Pairs) -> str:
    distances = distances_of(values)
    units = units_of(distances, labels)
    similar, different = (distances[pair] for pair in pairs)
    return (
        f"red pair {similar / units.within:.2f} of the mean within classes,\n"
        f"black pair {different / units.between:.2f} of that between them"
    )


def _draw(axes: Axes, points: np.ndarray, labels: np.ndarray, pairs: Pairs) -> None:
    for label in np.unique(labels):
        style: dict[str, Any] = {"color": COLOURS[label % len(COLOURS)], "alpha": 0.5, "markersize": 3}
        axes.plot(
            *points[labels == label].T,
            MARKERS[label % len(MARKERS)],
            markeredgewidth=0,
            label=f"class {label}",
            **style,
        )
    for pair, colour in zip(pairs, ("tab:red", "black"), strict=True):
        axes.plot(*points[list(pair)].T, color=colour, marker="o", markersize=7, markerfacecolor="none", linewidth=1.2)
    axes.set_xticks([])
    axes.set_yticks([])
