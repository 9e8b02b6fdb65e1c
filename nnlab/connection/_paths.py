"""Whether there is a layer that a path could lead past."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nnlab.architecture import Dense
from nnlab.errors import ConfigurationError
from nnlab.plan import Plan


def check_has_path(connection: str, plan: Plan, layers: Sequence[Dense]) -> None:
    """Refuse a connection that would change nothing: no hidden layer keeps the width of its inputs.

    Raises:
        ConfigurationError: there is no such layer.
    """
    widths = [plan.place.width, *(layer.units for layer in layers)]
    if not any(before == after for before, after in pairwise(widths)):
        raise ConfigurationError(
            f"connection={connection} leads past hidden layers that keep the width of their inputs, but there is none: "
            f"the widths are {', '.join(map(str, widths))}; use connection=plain or more layers of one width"
        )
