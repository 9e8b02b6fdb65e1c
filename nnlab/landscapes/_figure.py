"""Paths on a landscape as a picture: contours for two parameters, a curve for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from nnlab.errors import ConfigurationError
from nnlab.figures.contours import Ground, contours_figure
from nnlab.figures.walks import Steps, Walk, walks_figure
from nnlab.landscapes._paths import Paths

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HIGHEST = 1.15  # loss that is to be seen, in parts of the highest on the paths


def paths_figure(paths: Mapping[str, Paths], *, equal_scales: bool = False) -> Figure:
    """Draw a panel for each: the landscape, and the path from its first start.

    Args:
        paths: by the title of the panel; all on the same landscape, of one or two parameters.
        equal_scales: of two parameters, whether both axes have the same scale, so that right angles look like such.

    Raises:
        ConfigurationError: they are not.
    """
    first, *others = paths.values()
    ground = first.landscape
    if any(each.landscape != ground for each in others):
        raise ConfigurationError("paths of one picture must be on one landscape: take a picture for each")
    if ground.dimensions == 1:
        return walks_figure({title: _walk(each) for title, each in paths.items()}, "w", _HIGHEST)
    if ground.dimensions == 2:  # noqa: PLR2004
        points = {title: each.points[:, 0] for title, each in paths.items()}
        return contours_figure(Ground(ground.value, ground.lowest), points, equal_scales=equal_scales)
    raise ConfigurationError(f"a picture shows one or two parameters, but {ground.name} has {ground.dimensions}")


def _walk(paths: Paths) -> Walk:
    def curve(values: np.ndarray) -> np.ndarray:
        return paths.landscape.value(values[:, np.newaxis])

    return Walk(Steps(paths.points[:, 0, 0], paths.losses[:, 0]), curve)
