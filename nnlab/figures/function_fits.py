"""Small networks that were fitted to a function, side by side: lines of a maxout unit, and more and more ReLU units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nnlab.approximation.envelope import pieces_of
from nnlab.approximation.fitting import largest_error
from nnlab.approximation.targets import Target, target_of
from nnlab.errors import ConfigurationError
from nnlab.figures.panels import open_up, panels
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 3.4, 3.4  # inches, of each panel
_BELOW, _ABOVE = 0.45, 0.2  # what is seen below and above the target, in parts of its range
_EXACT = 1e-6  # an error that is none to the eye, as the minimiser stops near 0
_THIN, _THICK, _DASHED = "tab:gray", "tab:blue", "black"


def maxout_figure(target: str, units: Sequence[Network]) -> Figure:
    """Draw fits of maxout units: their elements thin, the largest of them thick.

    A dot is where one element takes over from another.

    Args:
        target: name of the function of one number that was fitted, of `nnlab.approximation.targets`.
        units: a panel each.
    """
    return _figure(_curve_of(target), units, _draw_maxout, _title_of_maxout)


def relu_fits_figure(target: str, networks: Sequence[Network]) -> Figure:
    """Draw fits of networks with one hidden layer of ReLU units.

    A dot is where a unit turns on or off, and the fit has a bend.

    Args:
        target: name of the function of one number that was fitted, of `nnlab.approximation.targets`.
        networks: a panel each.
    """
    return _figure(_curve_of(target), networks, _draw_relu, _title_of_relu)


def bends_of(network: Network) -> np.ndarray:
    """Return where the units of a single hidden ReLU layer turn on or off in [-1, 1], (bends,), from left to right."""
    slopes, biases = network.weights[0][0], network.biases[0]
    bends = -biases[slopes != 0] / slopes[slopes != 0]
    return np.sort(bends[np.abs(bends) <= 1])


def _curve_of(name: str) -> Target:
    target = target_of(name)
    if target.inputs != 1:
        raise ConfigurationError(f"target={name} takes {target.inputs} inputs; a curve can be drawn of one alone")
    return target


def _figure(
    target: Target,
    networks: Sequence[Network],
    draw: Callable[[Axes, Network, np.ndarray], None],
    title: Callable[[Network], str],
) -> Figure:
    """Draw a panel for each network, the target dashed, and one legend below."""
    figure, found = panels(len(networks), _WIDTH, _HEIGHT, min(len(networks), 4), sharex=True, sharey=True)
    x = target.finer_points
    values = target.function(x)
    for axes, network in zip(found, networks, strict=True):
        draw(axes, network, x)
        axes.plot(x[:, 0], values, color=_DASHED, linestyle="--", linewidth=1.1, label=f"target: {target.formula}")
        axes.set_title(f"{title(network)}\n{_words(largest_error(network, target))}", fontsize=10)
        _describe(axes, values)
    named = dict(zip(*reversed(found[0].get_legend_handles_labels()), strict=True))
    figure.legend(named.values(), named.keys(), loc="outside lower center", ncols=4, frameon=False)
    return figure


def _words(error: float) -> str:
    return "no error" if error < _EXACT else f"largest error {error:.2g}"


def _describe(axes: Axes, values: np.ndarray) -> None:
    span = float(np.ptp(values))
    axes.set_xlim(-1, 1)
    axes.set_ylim(values.min() - _BELOW * span, values.max() + _ABOVE * span)
    axes.set_xlabel("x")
    axes.set_ylabel("y")
    open_up(axes)


def _draw_maxout(axes: Axes, unit: Network, x: np.ndarray) -> None:
    for slope, bias in zip(unit.weights[0][0], unit.biases[0], strict=True):
        axes.plot(x[:, 0], slope * x[:, 0] + bias, color=_THIN, linewidth=0.9, label="elements")
    _draw_fit(axes, unit, x, np.array([float(piece.start) for piece in pieces_of(unit)[1:]]), "the largest of them")


def _draw_relu(axes: Axes, network: Network, x: np.ndarray) -> None:
    _draw_fit(axes, network, x, bends_of(network), "fit")


def _draw_fit(axes: Axes, network: Network, x: np.ndarray, bends: np.ndarray, label: str) -> None:
    axes.plot(x[:, 0], network.predict(x)[:, 0], color=_THICK, linewidth=2.4, label=label)
    heights = network.predict(bends[:, None])[:, 0] if len(bends) else bends
    axes.plot(bends, heights, "o", color=_THICK, markersize=5, markeredgecolor="white", label="bends")


def _title_of_maxout(unit: Network) -> str:
    elements, used = unit.architecture.layers[0].width, len(pieces_of(unit))
    return f"{elements} elements, {used} piece{'' if used == 1 else 's'}"


def _title_of_relu(network: Network) -> str:
    units = network.architecture.layers[0].units
    return f"{units} ReLU unit{'' if units == 1 else 's'}"
