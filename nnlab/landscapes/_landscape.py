"""A landscape by its name and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from nnlab import registry
from nnlab.checks import check_parameters

PACKAGE = "nnlab.landscapes"


@dataclass(frozen=True)
class Landscape:
    """A function of one or a few parameters; `landscape` makes it.

    Attributes:
        name: of its file.
        settings: all of them, checked.
    """

    name: str
    settings: Mapping[str, Any]

    @property
    def lowest(self) -> np.ndarray:
        """Where it is lowest, (dimensions,)."""
        return cast(np.ndarray, self._asked("lowest"))

    @property
    def dimensions(self) -> int:
        """How many parameters it has."""
        return self.lowest.size

    def value(self, points: np.ndarray) -> np.ndarray:
        """Return its height at points (..., dimensions), (...)."""
        return cast(np.ndarray, self._asked("value", points))

    def gradient(self, points: np.ndarray) -> np.ndarray:
        """Return its gradient at points (..., dimensions), (..., dimensions)."""
        return cast(np.ndarray, self._asked("gradient", points))

    def _asked(self, function: str, *points: np.ndarray) -> Any:
        return getattr(registry.piece(PACKAGE, self.name), function)(*points, **self.settings)


def landscape(name: str, **settings: Any) -> Landscape:
    """Return a landscape.

    Args:
        name: double_well, plateau, quadratic or rosenbrock.
        settings: those of its file that are not to be at their defaults, such as slope=0.01.

    Raises:
        ConfigurationError: there is no such landscape or setting, or a value is not allowed.
    """
    piece = registry.piece(PACKAGE, name, "landscape")
    checked = check_parameters(name, settings, piece.PARAMETERS)
    if hasattr(piece, "check"):
        piece.check(**checked)
    return Landscape(name, checked)
