"""The verdict on a claim: a pure function of what was measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nnlab.claims.claim import DETERMINISTIC, EQUIVALENCE, RATE, Claim, Comparison, Metric
from nnlab.claims.paired import EffectSize, beyond_p, effect_size, equivalence_p, paired_difference
from nnlab.claims.power import detectable_effect, power_of
from nnlab.claims.proportions import rate_difference
from nnlab.claims.tails import ALPHA, Tails

SUPPORTED, REFUTED, EQUIVALENT, INCONCLUSIVE = "supported", "refuted", "equivalent", "inconclusive"

Measurements = Mapping[Metric, Mapping[str, Sequence[float]]]  # of each arm, a number per seed; NaN: it diverged


class IncompleteError(Exception):
    """Not all that was planned has been measured."""


@dataclass(frozen=True)
class Effect:
    """What came out of one comparison.

    Attributes:
        comparison: that was asked.
        verdict: on it alone.
        n: seeds.
        mean: of the weighted sums of arms, less the constant.
        sd: their standard deviation over seeds; NaN of a rate.
        low: end of the 95 % interval, which errs on either side as the comparison's tails say.
        high: the other end.
        p_claimed: of the hypothesis that must be rejected to support, on the scale of 5 %, however many looks and
            directions share these. NaN of what is deterministic, or has no mean.
        p_opposite: of the one that must be rejected to refute, likewise.
        p_within: of the one that the effect is beyond the margin, where there is one; of rates an upper bound.
        size: the mean in standard deviations, where it is a mean over seeds.
        detectable: the effect that so many seeds with this standard deviation find in 80 % of all cases.
        power: with which the effect that the claim calls its size was looked for; NaN where it names none.
        note: what a reader must know.
    """

    comparison: Comparison
    verdict: str
    n: int
    mean: float
    sd: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p_claimed: float = math.nan
    p_opposite: float = math.nan
    p_within: float = math.nan
    size: EffectSize | None = None
    detectable: float = math.nan
    power: float = math.nan
    note: str = ""

    @property
    def p(self) -> float:
        """The p value of what its verdict rejects; where it is open, of no difference in either direction."""
        by_verdict = {SUPPORTED: self.p_claimed, REFUTED: self.p_opposite, EQUIVALENT: self.p_within}
        return by_verdict.get(self.verdict, min(self.p_claimed, self.p_opposite))


@dataclass(frozen=True)
class Outcome:
    """The verdict on a claim, and the effects on which it rests."""

    verdict: str
    effects: tuple[Effect, ...]
    seeds: int

    @property
    def primary(self) -> list[Effect]:
        """The effects that decide."""
        return [effect for effect in self.effects if effect.comparison.is_primary]

    @property
    def is_exact(self) -> bool:
        """Whether nothing in it is left to chance: all comparisons are with exact numbers."""
        return all(effect.comparison.kind == DETERMINISTIC for effect in self.effects)

    @property
    def decisive(self) -> Effect:
        """The effect that decides: of those that refute the surest, else the one that is least sure."""
        if self.verdict == REFUTED:
            return min((each for each in self.primary if each.verdict == REFUTED), key=self._rejected)
        return max(self.primary, key=self._rejected)

    @property
    def p(self) -> float:
        """The p value of what the verdict rejects; where it is open, of what it would have to reject to support.

        That of all parts is that of the weakest; to refute, one part of several is enough (Bonferroni). NaN where
        nothing is left to chance.
        """
        if all(effect.comparison.kind == DETERMINISTIC for effect in self.primary):
            return math.nan
        values = [self._rejected(effect) for effect in self.primary]
        return min(len(values) * min(values), max(values)) if self.verdict == REFUTED else max(values)

    def _rejected(self, effect: Effect) -> float:
        """Return the p value of a part; 1 of one without a number, 0 or 1 of one that leaves nothing to chance."""
        if effect.comparison.kind == DETERMINISTIC:
            return float((effect.verdict == REFUTED) != (self.verdict == REFUTED))
        p = {REFUTED: effect.p_opposite, EQUIVALENT: effect.p_within}.get(self.verdict, effect.p_claimed)
        return 1.0 if math.isnan(p) else p


def judge(claim: Claim, looks: Sequence[int], measurements: Measurements) -> Outcome:
    """Return the verdict at the first look that decides, or at the last.

    Args:
        claim: with the comparisons.
        looks: the planned numbers of seeds, rising; all looks together err as rarely as one would.
        measurements: of each metric and arm, a number per seed, as many as the look that decides needs.

    Raises:
        IncompleteError: there are fewer numbers than planned: there is no verdict before its time.
    """
    for look in looks:
        outcome = judge_at(look, claim, len(looks), measurements)
        if outcome.verdict != INCONCLUSIVE:
            break
    return outcome


def judge_at(seeds: int, claim: Claim, looks: int, measurements: Measurements) -> Outcome:
    """Return the verdict at one of so many looks, on the first so many seeds.

    Raises:
        IncompleteError: fewer are measured.
    """
    available = min(len(measurements.get(metric, {}).get(arm, ())) for metric in claim.metrics for arm in claim.arms)
    if seeds > available:
        raise IncompleteError(f"{available} of {seeds} seeds are measured: there is no verdict before its time")
    return _judged(claim, seeds, looks, measurements)


def _judged(claim: Claim, seeds: int, looks: int, measurements: Measurements) -> Outcome:
    effects = []
    for place, comparison in enumerate(claim.comparisons):
        asked = replace(comparison, tails=comparison.tails.at_each_of(looks))
        arms = {arm: np.asarray(values[:seeds], float) for arm, values in measurements[comparison.metric].items()}
        effects.append(measured_effect(asked, arms, claim.effect if place == 0 else None))
    return Outcome(_combined([effect for effect in effects if effect.comparison.is_primary]), tuple(effects), seeds)


def _combined(effects: Sequence[Effect]) -> str:
    """Return the verdict on a claim of several parts.

    It is supported if every part is: at no error rate can chance alone do that more often than to the weakest part. It
    is refuted if a part is, after Holm's correction for the number of parts.
    """
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415

    verdicts = {effect.verdict for effect in effects}
    if len(verdicts) == 1:
        return verdicts.pop()
    if REFUTED not in verdicts:
        return INCONCLUSIVE
    if any(effect.verdict == REFUTED and effect.comparison.kind == DETERMINISTIC for effect in effects):
        return REFUTED
    opposite = [1.0 if math.isnan(effect.p_opposite) else effect.p_opposite for effect in effects]
    adjusted = multipletests(opposite, alpha=ALPHA, method="holm")[1]
    strongest = min(p for p, effect in zip(adjusted, effects, strict=True) if effect.verdict == REFUTED)
    return REFUTED if strongest <= ALPHA else INCONCLUSIVE


def scaled(metric: Metric, values: np.ndarray) -> np.ndarray:
    """Return what counts of what was read (seeds,): NaN where a seed diverged and the metric does not say."""
    x = values if metric.if_diverged is None else np.where(np.isfinite(values), values, metric.if_diverged)
    x = np.where(np.isfinite(x), x, np.nan)
    if metric.above is not None:
        return np.where(np.isnan(x), np.nan, x > metric.above)
    if metric.scale == "log10":
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(x > 0, np.log10(x), np.nan)
    return x


def measured_effect(comparison: Comparison, arms: Mapping[str, np.ndarray], planned: float | None = None) -> Effect:
    """Return what came out of one comparison.

    Args:
        comparison: that is asked.
        arms: what was read of each arm's seeds (seeds,), the pairs in the same places.
        planned: the effect that matters, in the unit of the comparison.
    """
    values = {arm: scaled(comparison.metric, arms[arm]) for arm in comparison.weights}
    n = len(next(iter(values.values())))
    lost = {arm: int(np.isnan(x).sum()) for arm, x in values.items() if np.isnan(x).any()}
    if lost:
        named = ", ".join(f"{count} of {n} seeds of {arm}" for arm, count in lost.items())
        note = f"{named} diverged or gave no number, and the claim does not say what counts then"
        return Effect(comparison, INCONCLUSIVE, n, math.nan, note=note)
    sums = sum(weight * values[arm] for arm, weight in comparison.weights.items()) - comparison.constant
    if comparison.kind == DETERMINISTIC:
        return _exact(comparison, np.asarray(sums))
    if comparison.kind == RATE:
        return _rates(comparison, values, n)
    return _means(comparison, np.asarray(sums), planned)


def _exact(comparison: Comparison, errors: np.ndarray) -> Effect:
    farthest = float(errors[np.abs(errors).argmax()])
    verdict = SUPPORTED if abs(farthest) <= (comparison.margin or 0.0) else REFUTED
    return Effect(comparison, verdict, errors.size, farthest)


def _rates(comparison: Comparison, values: Mapping[str, np.ndarray], n: int) -> Effect:
    first, second = (int(values[arm].sum()) for arm in comparison.weights)
    found = rate_difference(first, n, second, n, comparison.tails)
    effect = Effect(
        comparison,
        INCONCLUSIVE,
        n,
        found.difference,
        low=found.low,
        high=found.high,
        p_claimed=_on_scale(found.p_larger, comparison.tails.larger),
        p_opposite=_on_scale(found.p_smaller, comparison.tails.smaller),
        note=" against ".join(f"{count} of {n}" for count in (first, second)),
    )
    is_within = comparison.margin is not None and max(abs(found.low), abs(found.high)) < comparison.margin
    if comparison.margin is not None:
        effect = replace(effect, p_within=ALPHA if is_within else 1.0)
    return replace(
        effect, verdict=_direction(effect, comparison.tails, found.p_larger, found.p_smaller, is_within=is_within)
    )


def _means(comparison: Comparison, d: np.ndarray, planned: float | None) -> Effect:
    tails, margin = comparison.tails, comparison.margin
    found = paired_difference(d, tails)
    detectable = detectable_effect(found.n, tails) * found.sd
    has_power = planned is not None and found.sd > 0
    effect = Effect(
        comparison,
        INCONCLUSIVE,
        found.n,
        found.mean,
        found.sd,
        found.low,
        found.high,
        p_claimed=_on_scale(found.p_larger, tails.larger),
        p_opposite=_on_scale(found.p_smaller, tails.smaller),
        size=effect_size(found.mean, found.sd, found.n),
        detectable=detectable,
        power=power_of(float(planned or 0.0) / found.sd, found.n, tails) if has_power else math.nan,
    )
    p_within = math.nan if margin is None else equivalence_p(d, margin)
    # Several looks share the error rate of an equivalence, too.
    is_within = p_within <= tails.total
    if margin is not None:
        effect = replace(effect, p_within=_on_scale(p_within, tails.total))
    if comparison.kind != EQUIVALENCE:
        return replace(effect, verdict=_direction(effect, tails, found.p_larger, found.p_smaller, is_within=is_within))
    p_beyond = beyond_p(d, float(margin or 0.0))
    verdict = SUPPORTED if is_within else REFUTED if p_beyond <= tails.total else INCONCLUSIVE
    return replace(effect, verdict=verdict, p_claimed=effect.p_within, p_opposite=_on_scale(p_beyond, tails.total))


def _on_scale(p: float, level: float) -> float:
    """Return a p value that has to be below a level as one that has to be below 5 %."""
    return min(1.0, p * ALPHA / level)


def _direction(effect: Effect, tails: Tails, p_larger: float, p_smaller: float, *, is_within: bool) -> str:
    """Return which way an effect goes: both the exact test and the interval must say so."""
    if p_larger <= tails.larger and effect.low > 0:
        return SUPPORTED
    if p_smaller <= tails.smaller and effect.high < 0:
        return REFUTED
    return EQUIVALENT if is_within else INCONCLUSIVE
