"""How far a change goes: the weights of the first layer are nudged, and each layer's outputs are seen to change.

Through sigmoids the change gets smaller from layer to layer, since the slope of a sigmoid is at most 1/4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from nnlab.figures.panels import MARKERS, open_up, panels
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NUDGE = 0.01  # standard deviation of the nudges, in parts of that of the weights
_WIDTH, _HEIGHT = 6.4, 3.8  # inches


def change_figure(networks: Mapping[str, Network], inputs: ArrayLike, seed: int = 0) -> Figure:
    """Draw how much all hidden layers and the predictions change when the weights of the first layer are nudged.

    Args:
        networks: by the label to show; in float64, as small changes are lost in float32.
        inputs: raw examples, (n, features).
        seed: of the nudges.
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    for number, (label, network) in enumerate(networks.items()):
        found = changes(network, inputs, seed)
        marker = MARKERS[number % len(MARKERS)]
        axes.plot(range(1, len(found) + 1), found / found[0], marker=marker, markersize=5, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("hidden layer; the last point: predictions")
    axes.set_ylabel("change, in parts of\nthat of the first layer")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    open_up(axes)
    axes.legend(frameon=False)
    return figure


def changes(network: Network, inputs: ArrayLike, seed: int = 0) -> np.ndarray:
    """Return how much the activations of each hidden layer change, and then the predictions, (layers,).

    It is the root of the mean square over units and examples. To each weight of the first layer a normal number is
    added, with 1 % of the standard deviation of these weights. The network itself stays as it is.
    """
    before, old = _given(network, inputs), network.parameters.copy()
    weights = network.weights[0]
    weights += _NUDGE * weights.std() * np.random.default_rng(seed).standard_normal(weights.shape)
    after = _given(network, inputs)
    network.parameters[:] = old
    return np.array([np.sqrt(np.mean((new - given) ** 2)) for new, given in zip(after, before, strict=True)])


def _given(network: Network, inputs: ArrayLike) -> list[np.ndarray]:
    return [*network.activations(inputs), network.predict(inputs)]
