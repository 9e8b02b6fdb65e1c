"""Chooses each arm's values on validation data: the same grid, seeds of their own, an equal budget for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlab.claims.arms import trials
from nnlab.claims.claim import Budget, Claim, Metric
from nnlab.claims.measuring import read_metric
from nnlab.claims.study import for_training
from nnlab.claims.sweep import train_arms

_IS_SCORE = ("accuracy", "r2")


@dataclass(frozen=True)
class Tuned:
    """What tuning gave.

    Attributes:
        chosen: the overrides that were best, of each arm.
        trials: of each arm, the overrides of a trial, and the mean of the objective over the seeds; None: one diverged.
        seconds: that training took, over all seeds.
    """

    chosen: dict[str, list[str]]
    trials: dict[str, list[dict[str, Any]]]
    seconds: float


def tune(claim: Claim, budget: Budget, folder: Path, others: Sequence[str] = ()) -> Tuned:
    """Train every arm with every value of the grid, and choose.

    Raises:
        NnlabError: a trial could not be trained.
    """
    if claim.tuning is None:
        return Tuned({}, {}, 0.0)
    planned = trials(claim, budget)
    arms = {f"trial_{place}": for_training(overrides) for place, (_, _, overrides) in enumerate(planned)}
    jobs = train_arms(arms, folder, others)
    found: dict[str, list[dict[str, Any]]] = {}
    seconds = 0.0
    for (arm, tried, _), job in zip(planned, jobs.values(), strict=True):
        summary = job.summary()
        measured = read_metric(Metric(claim.tuning.objective), summary, job.history())
        mean = sum(measured.values()) / len(measured)
        seconds += float(summary["seconds"].sum())
        found.setdefault(arm, []).append({"overrides": tried, "objective": mean if math.isfinite(mean) else None})
    return Tuned({arm: best_of(tried, claim.tuning.objective) for arm, tried in found.items()}, found, seconds)


def best_of(tried: Sequence[dict[str, Any]], objective: str) -> list[str]:
    """Return the overrides of the best trial; the first, if a seed diverged in all."""
    sign = -1.0 if objective.endswith(_IS_SCORE) else 1.0
    finite = [trial for trial in tried if trial["objective"] is not None]
    best = min(finite or tried, key=lambda trial: sign * (trial["objective"] or 0.0))
    return list(best["overrides"])
