"""The overrides with which each arm of a claim is trained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from nnlab.claims.claim import Budget, Claim
from nnlab.jobs.overrides import by_key


def arm_overrides(claim: Claim, budget: Budget, arm: str, tuned: Sequence[str] = ()) -> list[str]:
    """Return all overrides of an arm but its seeds: base, budget, arm, and what tuning chose; the later stands."""
    return merged(claim.base, budget.overrides, claim.arms[arm], tuned)


def grid_of(claim: Claim, budget: Budget, arm: str) -> Mapping[str, Sequence[str]]:
    """Return the values that tuning tries for an arm, by key; none where it is not tuned."""
    if claim.tuning is None or (claim.tuning.arms and arm not in claim.tuning.arms):
        return {}
    return claim.tuning.own_grids.get(arm, budget.grid or claim.tuning.grid)


def tuned_overrides(claim: Claim, budget: Budget, arm: str) -> list[list[str]]:
    """Return all combinations of the values that tuning tries for an arm; none where it is not tuned."""
    grid = grid_of(claim, budget, arm)
    combined = product(*grid.values()) if grid else ()
    return [[f"{key}={value}" for key, value in zip(grid, values, strict=True)] for values in combined]


def first_tried(claim: Claim, budget: Budget, arm: str) -> list[str]:
    """Return the first values that tuning tries for an arm; none where it is not tuned."""
    return next(iter(tuned_overrides(claim, budget, arm)), [])


def trials(claim: Claim, budget: Budget) -> list[tuple[str, list[str], list[str]]]:
    """Return the trials of tuning: the arm, the values that are tried, and all overrides with the seeds."""
    if claim.tuning is None:
        return []
    return [
        (arm, tried, [*arm_overrides(claim, budget, arm, tried), seeds_override(claim.tuning.seeds)])
        for arm in claim.arms
        for tried in tuned_overrides(claim, budget, arm)
    ]


def seeds_override(seeds: Iterable[int]) -> str:
    """Return the override that trains these seeds."""
    return f"seeds=[{','.join(map(str, seeds))}]"


def merged(*groups: Sequence[str]) -> list[str]:
    """Return overrides of which each key is named once: the last time that it is given."""
    by_name = {name: override for group in groups for override in group for name in by_key([override])}
    return list(by_name.values())
