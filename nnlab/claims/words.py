"""A verdict in words and numbers that can be read aloud."""

from __future__ import annotations

import math
from collections import Counter

from nnlab.claims.claim import DETERMINISTIC, EQUIVALENCE, RATE, Claim
from nnlab.claims.results_file import Results
from nnlab.claims.verdict import EQUIVALENT, INCONCLUSIVE, Effect, Outcome

_LARGEST_COUNT = 1e7  # that is written in full
_LARGEST_SIZE = 100  # of an effect, in standard deviations, that is written in full


def effect_lines(outcome: Outcome) -> list[str]:
    """Return the effects on which the verdict rests, a line each; of several, each with the verdict on it."""
    if len(outcome.primary) == 1:
        return [effect_words(effect) for effect in outcome.primary]
    return [f"{effect_words(effect)}: {effect.verdict}" for effect in outcome.primary]


def is_as_expected(claim: Claim, outcome: Outcome) -> bool:
    """Tell whether the verdict is the expected one, if there is one; an equivalence that stays open is no surprise."""
    stays_open = claim.expected == EQUIVALENT and outcome.verdict == INCONCLUSIVE
    return claim.expected in (None, outcome.verdict) or stays_open


def expected_note(claim: Claim, outcome: Outcome) -> str:
    """Return what to add to a verdict that was not the expected one."""
    return "" if is_as_expected(claim, outcome) else f", where {claim.expected} was expected"


def amended_note(results: Results) -> str:
    """Return how often a claim was changed after results were known, and what the verdicts were; "" if never."""
    if not results.amended:
        return ""
    count = len(results.amended)
    before = ", then ".join(change["verdict"] for change in results.amended)
    return f"Amended {'once' if count == 1 else f'{count} times'} after results were known; before that: {before}."


def parts_note(outcome: Outcome) -> str:
    """Return what became of the parts of a claim that has several; "" of one."""
    parts = Counter(effect.verdict for effect in outcome.primary)
    if parts.total() == 1:
        return ""
    if len(parts) == 1:
        return f"all {parts.total()} parts {outcome.verdict}"
    return f"of {parts.total()} parts {', '.join(f'{count} {verdict}' for verdict, count in parts.items())}"


def part_verdict(effect: Effect) -> str:
    """Return the verdict on an effect, and whether it stands beside those that decide."""
    return effect.verdict if effect.comparison.is_primary else f"{effect.verdict} (beside)"


def effect_words(effect: Effect) -> str:
    """Return an effect with its interval, p value and size."""
    name, metric = effect.comparison.name, effect.comparison.metric.key
    if math.isnan(effect.mean):
        return f"{name}, {metric}: {effect.note}"
    if effect.comparison.kind == DETERMINISTIC:
        return f"{name}, {metric}: off by {number(effect.mean)}, allowed {number(effect.comparison.margin or 0.0)}"
    words = f"{name}, {metric}: {interval(effect.mean, effect.low, effect.high)}, {p_value(effect.p)}"
    if effect.comparison.kind == RATE:
        return f"{words}, {effect.note}"
    if effect.comparison.kind == EQUIVALENCE or effect.comparison.margin is not None:
        words += f", margin {number(effect.comparison.margin or 0.0)}"
    standard = math.nan if effect.size is None else effect.size.value
    size = "" if math.isnan(standard) else f", d {size_words(standard, digits=2, equals='= ')}"
    power = "" if math.isnan(effect.power) else f", power {100 * effect.power:.0f} %"
    return f"{words}{size}{power}, {effect.n} seeds"


def effect_number(effect: Effect) -> str:
    """Return an effect with its interval, if it has one, or why there is none."""
    if math.isnan(effect.mean):
        return effect.note
    return number(effect.mean) if math.isnan(effect.low) else interval(effect.mean, effect.low, effect.high)


def interval(mean: float, low: float, high: float) -> str:
    """Return a mean with its interval; of what is exact, or of one seed, the number alone."""
    return number(mean) if math.isnan(low) else f"{number(mean)} [{number(low)}, {number(high)}]"


def number(value: float) -> str:
    """Return a number with three digits that matter, a count with all, without a sign before 0; a dash for none."""
    if float(value).is_integer() and abs(value) < _LARGEST_COUNT:
        return f"{value + 0.0:.0f}"
    return "-" if math.isnan(value) else f"{value + 0.0:.3g}"


def size_words(size: float, digits: int = 3, equals: str = "") -> str:
    """Return how many standard deviations an effect is; of many more than there can be doubt about, only that."""
    if abs(size) > _LARGEST_SIZE:
        return f"> {_LARGEST_SIZE}" if size > 0 else f"< -{_LARGEST_SIZE}"
    return "-" if math.isnan(size) else f"{equals}{size + 0.0:.{digits}g}"


def short_p(p: float) -> str:
    """Return a p value as a table has it."""
    return p_value(p).removeprefix("p ").removeprefix("= ")


def p_value(p: float) -> str:
    """Return a p value as journals print it."""
    return "p -" if math.isnan(p) else "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"  # noqa: PLR2004
