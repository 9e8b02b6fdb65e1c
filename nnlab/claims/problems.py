"""All that is wrong with a claim, gathered so that it is said at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlab.errors import ConfigurationError, NnlabError


class ClaimError(NnlabError):
    """A claim cannot be read, or cannot decide what it asks; one line per problem."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(" | ".join(lines))
        self._lines = lines

    @property
    def lines(self) -> list[str]:
        """A line for each problem."""
        return self._lines


class Problems:
    """The problems of one claim.

    Args:
        where: the file, which each line begins with.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self.lines: list[str] = []

    def add(self, problem: str) -> None:
        """Note a problem, once."""
        line = f"{self._where}: {problem}"
        if line not in self.lines:
            self.lines.append(line)

    def of(self, function: Callable[..., Any], *arguments: Any, instead: Any = None) -> Any:
        """Return what a function returns; note what it refuses, and return something else."""
        try:
            return function(*arguments)
        except ConfigurationError as error:
            self.add(str(error))
            return instead

    def raise_any(self) -> None:
        """Raise all that were noted.

        Raises:
            ClaimError: there are some.
        """
        if self.lines:
            raise ClaimError(self.lines)
