"""Landscapes: functions of one or a few parameters, and walks down on them with the optimizers that train networks.

A landscape is a file of this folder; the name of the file is its name. It offers

- ``PARAMETERS``: its settings.
- ``lowest(**settings)``: where the function is lowest, (dimensions,); its value there is 0.
- ``value(points, **settings)``: of points (..., dimensions); (...).
- ``gradient(points, **settings)``: likewise, (..., dimensions).
- ``check(**settings)``, where it is there: refuses settings that do not fit each other.

from nnlab.landscapes import descend, landscape, paths_figure

well = landscape("double_well")
paths = descend(well, ["optimizer=momentum", "learning_rate=0.01"], starts=2.5, updates=100)
paths.points, paths.losses          # (updates + 1, starts, dimensions) and (updates + 1, starts)
paths_figure({"Momentum": paths})
growth_figure(landscape("quadratic"), (1, 3))    # the gradient, and how fast it grows in each direction
"""

from __future__ import annotations

from nnlab.landscapes._figure import paths_figure
from nnlab.landscapes._growth import growth_figure, growth_of
from nnlab.landscapes._landscape import Landscape, landscape
from nnlab.landscapes._paths import Paths, descend

__all__ = ["Landscape", "Paths", "descend", "growth_figure", "growth_of", "landscape", "paths_figure"]
