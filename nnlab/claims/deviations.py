"""How far the differences of a claim scatter over seeds, as far as that is known before it is run."""

from __future__ import annotations

import math
from typing import NamedTuple

from rich.console import Console

from nnlab.claims.arms import tuned_overrides
from nnlab.claims.claim import Budget, Claim, Comparison
from nnlab.claims.protocol import protocol_of
from nnlab.claims.results_file import Results, load_results
from nnlab.claims.running import measure_seeds
from nnlab.claims.verdict import judge_at
from nnlab.claims.words import number

FIRST_PILOT_SEED = 2000  # so that neither tuning nor the comparison uses one of them
FEWEST_PILOT_SEEDS = 3


class Deviation(NamedTuple):
    """A standard deviation of differences, and where it comes from."""

    sd: float
    origin: str

    def __str__(self) -> str:
        return f"a standard deviation of {number(self.sd)} ({self.origin})"


Deviations = dict[tuple[str, str], Deviation]


def comparison_key(comparison: Comparison) -> tuple[str, str]:
    """Return what a comparison is known by."""
    return comparison.name, comparison.metric.key


def known_deviations(claim: Claim, budget: Budget) -> Deviations:
    """Return what the claim states, and what its results under other budgets show."""
    known: Deviations = {}
    for other in [each for each in claim.budgets.values() if each.name != budget.name]:
        results = load_results(claim, other)
        if results is not None and results.is_complete(claim, other.looks[0]):
            known |= _measured(claim, results, other.looks[0], f"of the {other.name} run, {other.looks[0]} seeds")
    if claim.sd is not None:
        known[comparison_key(claim.comparisons[0])] = Deviation(claim.sd, "stated by the claim")
    return known


def pilot_deviations(claim: Claim, budget: Budget, seeds: int, console: Console) -> Deviations:
    """Train some seeds of each arm, of their own and with the first values of the grid, and return what they show.

    Raises:
        NnlabError: an arm could not be trained.
    """
    first = {arm: next(iter(tuned_overrides(claim, budget, arm)), []) for arm in claim.arms}
    results = Results(protocol_of(claim, budget), tuned=first)
    measure_seeds(claim, budget, results, (FIRST_PILOT_SEED, FIRST_PILOT_SEED + seeds), console)
    return _measured(claim, results, seeds, f"of a pilot of {seeds} seeds")


def _measured(claim: Claim, results: Results, seeds: int, origin: str) -> Deviations:
    effects = judge_at(seeds, claim, 1, results.measurements(claim)).effects
    return {comparison_key(each.comparison): Deviation(each.sd, origin) for each in effects if _is_usable(each.sd)}


def _is_usable(sd: float) -> bool:
    return math.isfinite(sd) and sd > 0
