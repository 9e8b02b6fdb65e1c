"""What a report is about: claims with their verdicts, held to one error rate together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nnlab.claims.claim import Budget, Claim
from nnlab.claims.problems import ClaimError
from nnlab.claims.reading import claim_ids, read_claim
from nnlab.claims.results_file import Results
from nnlab.claims.running import stored_outcome
from nnlab.claims.tails import ALPHA
from nnlab.claims.verdict import INCONCLUSIVE, Outcome
from nnlab.errors import unknown_name


@dataclass(frozen=True)
class Entry:
    """A claim with the verdict on it.

    Attributes:
        claim: the claim.
        budget: under which it was measured.
        results: that are stored.
        outcome: the verdict and its effects.
        adjusted_p: the verdict's p value after Holm's correction over the report; NaN where nothing is left to chance.
    """

    claim: Claim
    budget: Budget
    results: Results
    outcome: Outcome
    adjusted_p: float = math.nan

    @property
    def is_lost_to_holm(self) -> bool:
        """Whether the verdict holds for this claim alone, and not for a report of so many."""
        return self.outcome.verdict != INCONCLUSIVE and self.adjusted_p > ALPHA


@dataclass(frozen=True)
class Unjudged:
    """A claim without a verdict, and why, a line for each reason."""

    id: str
    statement: str
    reasons: Sequence[str]


def entry_of(claim: Claim, budget: str) -> Entry:
    """Return a claim with the verdict on its stored results.

    Raises:
        ClaimError: there is none.
    """
    if budget not in claim.budgets:
        raise ClaimError([str(unknown_name("budget", budget, claim.budgets))])
    return Entry(claim, claim.budgets[budget], *stored_outcome(claim, claim.budgets[budget]))


def read_entries(folder: Path, budget: str, besides: Sequence[str] = ()) -> tuple[list[Entry], list[Unjudged]]:
    """Return the claims in a folder that have a verdict, and those that have none; a broken one hides no other.

    Args:
        folder: of the claims.
        budget: under which verdicts are asked.
        besides: names of claims to leave out.
    """
    entries: list[Entry] = []
    unjudged: list[Unjudged] = []
    for name in (name for name in claim_ids(folder) if name not in besides):
        statement = ""
        try:
            claim = read_claim(folder / name)
            statement = claim.statement
            entries.append(entry_of(claim, budget))
        except ClaimError as error:
            unjudged.append(Unjudged(name, statement, error.lines))
    return entries, unjudged


def holm_adjusted(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries with Holm's p values over all of them that leave anything to chance.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65.
    """
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415

    places = [place for place, entry in enumerate(entries) if not math.isnan(entry.outcome.p)]
    if not places:
        return list(entries)
    adjusted = multipletests([entries[place].outcome.p for place in places], method="holm")[1]
    by_place = dict(zip(places, map(float, adjusted), strict=True))
    return [replace(entry, adjusted_p=by_place.get(place, math.nan)) for place, entry in enumerate(entries)]
