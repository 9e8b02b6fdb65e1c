"""Examples and weights as square images, for figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlab.errors import DataError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage


def images_of(rows: np.ndarray) -> np.ndarray:
    """Return rows (n, pixels) as square images (n, side, side), whose pixels stand row by row.

    Raises:
        DataError: the number of pixels is no square number.
    """
    pixels = rows.shape[1]
    side = math.isqrt(pixels)
    if side * side != pixels:
        raise DataError(f"{pixels} inputs are no square image: a square number is needed, such as 28 x 28 = 784")
    return rows.reshape(-1, side, side)


def draw_image(axes: Axes, image: np.ndarray, **style: Any) -> AxesImage:
    """Draw an image in a frame without numbers."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set(color="#888888", linewidth=0.6)
    return axes.imshow(image, interpolation="nearest", **style)
