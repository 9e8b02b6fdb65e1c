"""How large the gradient is that reaches each layer, on a logarithmic axis: whether it vanishes or explodes.

What is drawn of a layer is the gradient of its biases, which is the error d loss / d z of its units, averaged over the
examples: the root of the mean square over the units, so that layers of different widths can be compared. A straight
line means the same factor from each layer to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nnlab.figures.panels import MARKERS, open_up, panels
from nnlab.network import Gradients

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 8.4, 4.2  # inches
_MOST_TICKS = 20


def gradient_norms_figure(gradients: Mapping[str, Gradients]) -> Figure:
    """Draw the gradient of each layer, from the inputs to the outputs.

    Args:
        gradients: of networks without gates, by the label to show: what `nnlab.first_gradients` gives.
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    figure, (axes,) = panels(1, _WIDTH, _HEIGHT)
    for number, (label, each) in enumerate(gradients.items()):
        sizes = sizes_of(each)
        marker = MARKERS[number % len(MARKERS)]
        axes.plot(range(1, len(sizes) + 1), sizes, label=label, marker=marker, markersize=5)
    axes.set_yscale("log")
    axes.set_xlabel("layer: 1 is next to the inputs, the last gives the outputs")
    axes.set_ylabel("gradient that reaches a unit\n(root mean square)")
    axes.xaxis.set_major_locator(MaxNLocator(_MOST_TICKS, integer=True))
    open_up(axes)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return figure


def sizes_of(gradients: Gradients) -> list[float]:
    """Return the root mean square of the gradient of each layer's biases, from the first layer on."""
    return [float(np.sqrt(np.mean(np.square(biases, dtype=np.float64)))) for biases in gradients.biases]
