"""What the tables and pages of a claim show besides its effects: arms, published numbers, amendments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnlab.claims.arms import tuned_overrides
from nnlab.claims.claim import AT_LEAST, AT_MOST, Budget, Claim, Metric, Published
from nnlab.claims.prediction import prediction_interval, share_error
from nnlab.claims.proportions import rate_interval
from nnlab.claims.protocol import protocol_of
from nnlab.claims.results_file import Results, load_results
from nnlab.claims.verdict import Effect, Outcome, scaled
from nnlab.jobs.overrides import by_key
from nnlab.statistics import Interval, mean_interval

_PER_CENT = 100.0


@dataclass(frozen=True)
class ArmSummary:
    """One arm in one metric: what counts of each seed, its mean and spread, and how many seeds diverged."""

    arm: str
    metric: Metric
    values: np.ndarray  # (seeds,)
    diverged: int

    @property
    def mean(self) -> Interval:
        """The mean over the seeds, with its 95 % interval; of what happens or not, the exact one."""
        if self.metric.is_count and np.isfinite(self.values).all():
            return Interval(float(self.values.mean()), *rate_interval(int(self.values.sum()), self.values.size))
        return mean_interval(self.values)

    @property
    def sd(self) -> float:
        """The standard deviation over the seeds."""
        return float(np.nanstd(self.values, ddof=1)) if np.isfinite(self.values).sum() > 1 else math.nan


@dataclass(frozen=True)
class Compared:
    """A published number beside ours: within the 95 % prediction interval of one new run of ours, or not."""

    published: Published
    mean: float
    low: float
    high: float

    @property
    def is_inside(self) -> bool:
        """Whether it could be a run of ours; of a bound, whether a run of ours could keep to it."""
        is_low = self.low <= self.value or self.published.bound == AT_LEAST
        is_high = self.value <= self.high or self.published.bound == AT_MOST
        return not math.isnan(self.low) and is_low and is_high

    @property
    def value(self) -> float:
        """The published number, on the scale of the metric."""
        return float(scaled(self.published.metric, np.array([self.published.value]))[0])


def arm_summaries(claim: Claim, results: Results) -> list[ArmSummary]:
    """Return every arm in every metric that is compared."""
    measured = results.measurements(claim)
    metrics = dict.fromkeys(comparison.metric for comparison in claim.comparisons)
    summaries = []
    for metric in metrics:
        for arm in claim.arms:
            raw = np.asarray(measured[metric][arm], float)
            diverged = raw.sum() if metric.name == "diverged" else np.isnan(raw).sum()
            summaries.append(ArmSummary(arm, metric, scaled(metric, raw), int(diverged)))
    return summaries


def by_metric(arms: Sequence[ArmSummary], outcome: Outcome) -> dict[Metric, tuple[list[ArmSummary], list[Effect]]]:
    """Return the arms and the effects in each metric."""
    return {
        metric: (
            [arm for arm in arms if arm.metric == metric],
            [effect for effect in outcome.effects if effect.comparison.metric == metric],
        )
        for metric in dict.fromkeys(arm.metric for arm in arms)
    }


def compared_numbers(claim: Claim, results: Results) -> list[Compared]:
    """Return each published number beside ours; of arms that diverged, have one seed or were not measured so, NaN."""
    measured = results.measurements(claim)
    return [
        _compared(each, scaled(each.metric, np.asarray(measured.get(each.metric, {}).get(each.arm, []), float)))
        for each in claim.published
    ]


def _compared(published: Published, values: np.ndarray) -> Compared:
    if values.size < 2 or np.isnan(values).any():  # noqa: PLR2004
        return Compared(published, math.nan, math.nan, math.nan)
    mean, name = float(values.mean()), published.metric.name
    unit = _PER_CENT if name.endswith("_error") else 1.0
    is_share = name.endswith(("_error", "_accuracy")) and published.metric.is_plain
    has_choice = published.test_examples is not None and is_share
    error = unit * share_error(mean / unit, int(published.test_examples or 1)) if has_choice else 0.0
    low, high = prediction_interval(
        values, best_of=published.best_of, lower_is_better=not name.endswith(("_accuracy", "_r2")), test_error=error
    )
    if is_share:  # a normal distribution knows no ends
        low, high = max(low, 0.0), min(high, unit)
    return Compared(published, mean, low, high)


def edge_notes(claim: Claim, budget: Budget, results: Results) -> list[str]:
    """Return, for each arm whose best value is the first or last of its grid, that a better one may lie beyond."""
    notes = []
    for arm, chosen in results.tuned.items():
        if all(trial["objective"] is None for trial in results.trials.get(arm, [])):
            notes.append(f"{arm}: with every value of the grid a seed diverged; the first was taken")
        tried = [by_key(overrides) for overrides in tuned_overrides(claim, budget, arm)]
        for key, value in by_key(chosen).items():
            values = sorted({float(each[key]) for each in tried if _is_number(each[key])})
            if len(values) > 1 and _is_number(value) and float(value) in (values[0], values[-1]):
                notes.append(f"{arm}: {key}={value} is at the edge of its grid, a better value may lie beyond")
    return notes


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def change_since(claim: Claim, budget: Budget, results: Results) -> str:
    """Return what has changed in the claim since its results were measured: a unified diff, or ""."""
    now = protocol_of(claim, budget)
    return "" if now.asks_the_same_as(results.protocol) else now.difference(results.protocol)


def unchanged_results(claim: Claim, budget: Budget) -> Results | None:
    """Return what there is of results, unless the claim has changed since."""
    results = load_results(claim, budget)
    return None if results is None or change_since(claim, budget, results) else results
