"""Arms that are given one by one, each with all combinations of the values that a sweep names besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnlab.errors import bad_value
from nnlab.jobs.overrides import by_key
from nnlab.sweepers.grid import Grid

_ALLOWED = 'a mapping from names to lists of overrides: \'{low:["dropout=0.1"],high:["dropout=0.5","epochs=60"]}\''


class Arms(Grid):
    """A sweep over arms that differ in several keys at once, which no grid can say.

    Args:
        arms: the overrides of each, which stand before those of the sweep with the same key.
        max_batch_size: jobs that are handed to the launcher at once, or None.
        params: as of Hydra's own sweeper.
    """

    def __init__(self, arms: Any, max_batch_size: int | None, params: Any = None) -> None:
        super().__init__(max_batch_size, params)
        self._arms = arms

    def _combinations(self, arguments: Sequence[str]) -> list[list[str]]:
        """Return the overrides of each job.

        Raises:
            ConfigurationError: no arms are given, or not as they must be.
        """
        combinations = super()._combinations(arguments)
        return [
            [*(override for override in combination if not by_key([override]).keys() & by_key(arm).keys()), *arm]
            for arm in _checked(self._arms).values()
            for combination in combinations
        ]


def _checked(arms: Any) -> dict[str, list[str]]:
    if not isinstance(arms, Mapping) or not arms:
        raise bad_value("hydra.sweeper.arms", arms, _ALLOWED)
    for name, overrides in arms.items():
        if isinstance(overrides, str) or not all(isinstance(each, str) and "=" in each for each in overrides):
            raise bad_value(f"hydra.sweeper.arms.{name}", overrides, 'a list of overrides, ["key=value"]')
    return {str(name): list(overrides) for name, overrides in arms.items()}
