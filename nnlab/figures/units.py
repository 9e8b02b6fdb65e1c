"""The weights of hidden units as images: what each unit of the first layer looks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nnlab.figures.images import draw_image, images_of
from nnlab.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS, _MOST = 10, 50
_SIDE = 0.95  # inches, of each image
_WITHIN = 0.995  # of the weights that the scale has room for: a few are many times as large as the rest


def units_figure(network: Network) -> Figure:
    """Draw the weights of the first fifty units of the first layer, each on the pixel that it is multiplied by.

    Blue is above 0, red below, white 0. All images have one scale, which leaves out the largest weight in 200.

    Args:
        network: whose inputs are the pixels of square images.

    Raises:
        DataError: they are not.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    images = images_of(np.ascontiguousarray(network.weights[0].T[:_MOST]))
    rows = -(-len(images) // _COLUMNS)
    figure = Figure(figsize=(_SIDE * _COLUMNS + 0.8, _SIDE * rows), layout="constrained")
    panels = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    end = float(np.quantile(np.abs(images), _WITHIN)) or 1.0
    for axes in panels:
        axes.set_axis_off()
    for axes, image in zip(panels, images, strict=False):
        axes.set_axis_on()
        drawn = draw_image(axes, image, cmap="RdBu", vmin=-end, vmax=end)
    figure.colorbar(drawn, ax=list(panels), label="weight", extend="both", fraction=0.02, pad=0.01)
    return figure
