"""The tables of a claim as rows of text, for the terminal and for its page alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nnlab.claims.arms import grid_of
from nnlab.claims.claim import Budget, Claim
from nnlab.claims.results_file import Results
from nnlab.claims.summary import arm_summaries, compared_numbers
from nnlab.claims.verdict import Outcome
from nnlab.claims.words import effect_number, interval, number, part_verdict, short_p, size_words

EFFECTS = ("comparison", "metric", "verdict", "mean [95% interval]", "p", "d", "found in 80%")
ARMS = ("arm", "tuned", "metric", "mean [95% interval]", "SD", "diverged")
PUBLISHED = ("arm", "metric", "source", "published", "ours", "95% of new runs of ours")

Row = tuple[str, ...]


def effect_rows(outcome: Outcome) -> list[Row]:
    """Return a row for each effect, those first that decide."""
    return [
        (
            effect.comparison.name,
            effect.comparison.metric.key,
            part_verdict(effect),
            effect_number(effect),
            short_p(effect.p),
            size_words(math.nan if effect.size is None else effect.size.value),
            number(effect.detectable),
        )
        for effect in sorted(outcome.effects, key=lambda effect: not effect.comparison.is_primary)
    ]


def arm_rows(claim: Claim, results: Results) -> list[Row]:
    """Return a row for each arm and metric."""
    return [
        (
            arm.arm,
            " ".join(results.tuned.get(arm.arm, [])) or "-",
            arm.metric.key,
            interval(*arm.mean),
            number(arm.sd),
            f"{arm.diverged} of {arm.values.size}",
        )
        for arm in arm_summaries(claim, results)
    ]


def published_rows(claim: Claim, results: Results) -> list[Row]:
    """Return a row for each published number: ours, and whether it could be one more run of ours."""
    return [
        (
            each.published.arm,
            each.published.metric.key,
            "; ".join(text for text in (each.published.source, each.published.note) if text),
            " ".join(text for text in (each.published.bound, number(each.value)) if text),
            number(each.mean),
            _span(each.low, each.high, is_inside=each.is_inside),
        )
        for each in compared_numbers(claim, results)
    ]


def tuning_rows(claim: Claim, budget: Budget) -> list[tuple[str, str]]:
    """Return how values are chosen, and for which arms from which; nothing where nothing is tuned."""
    if claim.tuning is None:
        return []
    tuning, arms_of = claim.tuning, dict[str, list[str]]()
    for arm in claim.arms:
        arms_of.setdefault(_grid_words(grid_of(claim, budget, arm)), []).append(arm)
    how = f"the best mean {tuning.objective} over {len(tuning.seeds)} seeds from {tuning.seeds[0]} on"
    return [("tuning", how), *((f"tuning of {', '.join(arms)}", grid) for grid, arms in arms_of.items())]


def _grid_words(grid: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{key} = {', '.join(values)}" for key, values in grid.items()) or "none"


def _span(low: float, high: float, *, is_inside: bool) -> str:
    if math.isnan(low):
        return "-"
    return f"{'inside' if is_inside else 'outside'} [{number(low)}, {number(high)}]"
