"""What a study has still to measure, and how long it takes: by what measurements of its arms took before."""

from __future__ import annotations

from nnlab.claims.claim import Budget, Claim
from nnlab.claims.results_file import Results
from nnlab.console.formatting import duration_text


def study_words(claim: Claim, budget: Budget, stored: Results | None, pilot: Results | None) -> str:
    """Return it in words.

    Args:
        claim: that has a study.
        budget: one of its own.
        stored: results of its protocol, if there are any.
        pilot: results of other seeds, if there are any; its seconds are those of this machine, and come first.
    """
    planned = dict.fromkeys(claim.arms, budget.seeds)
    left = {arm: sum(not _has(claim, stored, arm, seed) for seed in claim.seeds(arm, planned[arm])) for arm in planned}
    words = f"{sum(planned.values())} measurements by study.py, {sum(left.values())} of them to be run"
    seconds = _seconds_of_a_seed(claim, pilot or stored)
    if seconds.keys() != planned.keys():
        return f"{words}; a pilot tells how long they take"
    time, in_all = (duration_text(sum(seconds[arm] * counts[arm] for arm in counts)) for counts in (left, planned))
    return f"{words}: about {time} of {in_all}, as the {'pilot' if pilot else 'stored ones'} took"


def _has(claim: Claim, stored: Results | None, arm: str, seed: int) -> bool:
    return stored is not None and stored.has(claim, arm, seed)


def _seconds_of_a_seed(claim: Claim, results: Results | None) -> dict[str, float]:
    """Return the mean over the seeds of each arm of which there are some."""
    if results is None:
        return {}
    counts = {arm: len(seeds) for arm, seeds in results.measured.get(claim.metrics[0].key, {}).items()}
    return {arm: results.seconds[arm] / counts[arm] for arm in claim.arms if counts.get(arm) and arm in results.seconds}
