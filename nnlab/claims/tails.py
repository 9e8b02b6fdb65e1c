"""How often a comparison may err, in either direction.

A verdict that says "supported" or "refuted" where nothing differs is false, so the two together may be so in 5 % of all
cases at most. A claim of one direction spends four fifths of that on it and one fifth on the other, which is what a
refutation needs: a directed test. Source: Rice and Gaines 1994, Trends in Ecology and Evolution 9, 235.
"""

from __future__ import annotations

from typing import NamedTuple

ALPHA = 0.05


class Tails(NamedTuple):
    """Shares of all comparisons of equal arms in which one is said to be larger, and smaller."""

    larger: float
    smaller: float

    @property
    def total(self) -> float:
        """Share in which something is said that is false."""
        return self.larger + self.smaller

    def at_each_of(self, looks: int) -> Tails:
        """Return the tails of each of several looks at growing data: all together err as one would (Bonferroni)."""
        return Tails(self.larger / looks, self.smaller / looks)


ONE_SIDED = Tails(0.8 * ALPHA, 0.2 * ALPHA)
TWO_SIDED = Tails(ALPHA / 2, ALPHA / 2)
SIDES = {"one-sided": ONE_SIDED, "two-sided": TWO_SIDED}
