"""How far the differences of a claim scatter over seeds, as far as that is known before it is run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console

from nnlab.claims.arms import first_tried
from nnlab.claims.claim import Budget, Claim, Comparison
from nnlab.claims.protocol import protocol_of
from nnlab.claims.reading import FIRST_PILOT_SEED
from nnlab.claims.results_file import Results
from nnlab.claims.running import measure_seeds
from nnlab.claims.summary import unchanged_results
from nnlab.claims.verdict import judge_at
from nnlab.claims.words import interval, number

FEWEST_PILOT_SEEDS = 3


class Deviation(NamedTuple):
    """A standard deviation of differences, where it comes from, and of how many seeds; None: it is only stated."""

    sd: float
    origin: str
    seeds: int | None = None

    def __str__(self) -> str:
        shown = number(self.sd) if self.seeds is None else interval(self.sd, *self._interval(self.seeds))
        return f"a standard deviation of {shown} ({self.origin})"

    def _interval(self, seeds: int) -> tuple[float, float]:
        """Return the 95 % interval, by the chi-squared distribution."""
        from scipy.stats import chi2  # noqa: PLC0415

        low, high = (self.sd * math.sqrt((seeds - 1) / chi2.isf(tail, seeds - 1)) for tail in (0.025, 0.975))
        return low, high


Deviations = dict[tuple[str, str], Deviation]


def comparison_key(comparison: Comparison) -> tuple[str, str]:
    """Return what a comparison is known by."""
    return comparison.name, comparison.metric.key


def known_deviations(claim: Claim, budget: Budget) -> Deviations:
    """Return what the claim states, and what its results under other budgets show."""
    known: Deviations = {}
    for other in [each for each in claim.budgets.values() if each.name != budget.name]:
        results = unchanged_results(claim, other)
        if results is not None and results.is_complete(claim, other.looks[0]):
            known |= _measured(claim, results, other.looks[0], f"of the {other.name} run, {other.looks[0]} seeds")
    if claim.sd is not None:
        known[comparison_key(claim.comparisons[0])] = Deviation(claim.sd, "stated by the claim")
    return known


def pilot_results(claim: Claim, budget: Budget, seeds: int, console: Console, others: Sequence[str] = ()) -> Results:
    """Train some seeds of each arm, of their own, and return what came out.

    Arms that are tuned have the values that tuning chose, or else the first that it tries.

    Raises:
        NnlabError: an arm could not be trained.
    """
    found = unchanged_results(claim, budget)
    chosen = {} if found is None else found.tuned
    values = {arm: chosen.get(arm, first_tried(claim, budget, arm)) for arm in claim.arms}
    results = Results(protocol_of(claim, budget), tuned=values)
    measure_seeds(claim, budget, results, (FIRST_PILOT_SEED, FIRST_PILOT_SEED + seeds), console, others)
    return results


def pilot_deviations(claim: Claim, results: Results, seeds: int) -> Deviations:
    """Return what a pilot of so many seeds shows."""
    return _measured(claim, results, seeds, f"of a pilot of {seeds} seeds")


def _measured(claim: Claim, results: Results, seeds: int, origin: str) -> Deviations:
    effects = judge_at(seeds, claim, 1, results.measurements(claim)).effects
    return {
        comparison_key(each.comparison): Deviation(each.sd, origin, seeds) for each in effects if _is_usable(each.sd)
    }


def _is_usable(sd: float) -> bool:
    return math.isfinite(sd) and sd > 0
