"""From a criterion of claim.yaml to the comparisons that it asks for: each a weighted sum of arms."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from nnlab.checks import Parameter, check_parameters, flag, list_of, number, one_of, optional, text
from nnlab.claims.claim import DETERMINISTIC, DIFFERENCE, EQUIVALENCE, RATE, Comparison, Metric
from nnlab.claims.tails import SIDES, TWO_SIDED
from nnlab.errors import ConfigurationError, bad_value, unknown_name

_METRIC = {
    "name": Parameter(None, text("the name of what is measured")),
    "less": Parameter(None, optional(text("the name of what is taken off"))),
    "read": Parameter("end", one_of("end", "best", "area")),
    "scale": Parameter("linear", one_of("linear", "log10")),
    "above": Parameter(None, optional(number())),
    "if_diverged": Parameter(None, optional(number())),
}
_NAME = text("the name of an arm")
_SIDES = Parameter("two-sided", one_of(*SIDES))
_MARGIN = optional(number(0, open_low=True))
_COMMON = {
    "kind": Parameter(None, text()),
    "metric": Parameter(None, lambda _, value: value),
    "primary": Parameter(default=True, check=flag()),
}


def metric_of(key: str, value: Any) -> Metric:
    """Return a metric that is given by its name, or with when and how it is read.

    Raises:
        ConfigurationError: it is given in another way.
    """
    given = {"name": value} if isinstance(value, str) else value
    if not isinstance(given, Mapping):
        raise bad_value(key, value, "a name such as test_accuracy, or {name, less, read, scale, above, if_diverged}")
    return Metric(**check_parameters(key, given, _METRIC))


def comparisons_of(where: str, criterion: Any, arms: Sequence[str], metric: Metric) -> list[Comparison]:
    """Return what a criterion asks for.

    Args:
        where: which criterion, for messages.
        criterion: a mapping with its kind, what the kind needs, and perhaps a metric of its own or primary=false.
        arms: names of the claim's arms.
        metric: the claim's.

    Raises:
        ConfigurationError: the kind is unknown, an arm is, or something is missing or too much.
    """
    kind = criterion.get("kind") if isinstance(criterion, Mapping) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise unknown_name(f"kind of {where}", str(kind), _KINDS)
    parameters, make = _KINDS[kind]
    settings = check_parameters(where, criterion, _COMMON | parameters)
    own = metric if settings["metric"] is None else metric_of(f"{where}.metric", settings["metric"])
    made = [replace(each, is_primary=settings["primary"]) for each in make(where, settings, own)]
    for name in (name for comparison in made for name in comparison.weights):
        if name not in arms:
            raise unknown_name(f"arm of {where}", name, arms)
    return made


def _difference(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Is one arm above another, or above a number, by more than `by`? Below 0, that says it is not lower by as much."""
    larger, smaller, by = given["larger"], given["smaller"], float(given.get("by", 0.0))
    if larger == smaller:
        raise ConfigurationError(f"{where} compares {larger} with itself")
    compared = _compared(DIFFERENCE, larger, smaller, given, metric)
    if not by:
        return [compared]
    name = f"{compared.name} {'-' if by > 0 else '+'} {abs(by):g}"
    return [replace(compared, name=name, constant=compared.constant + by)]


def _rate(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Does it happen more often in one arm than in another?"""
    if not metric.is_count:
        raise ConfigurationError(f"{where} asks how often, so its metric must say `above`, or be diverged")
    if not isinstance(given["smaller"], str):
        raise bad_value(f"{where}.smaller", given["smaller"], "the name of an arm")
    return [replace(_difference(where, given, metric)[0], kind=RATE)]


def _ordering(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Does each arm lie above the one before?"""
    if len(given["rising"]) < 2:  # noqa: PLR2004
        raise bad_value(f"{where}.rising", given["rising"], "a list of at least two arms")
    return [_compared(DIFFERENCE, larger, smaller, given, metric) for smaller, larger in pairwise(given["rising"])]


def _interaction(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Is one difference larger than another?"""
    (a, b), (c, d) = (_pair(f"{where}.{key}", given[key]) for key in ("larger", "smaller"))
    weights: dict[str, float] = {}
    for arm, weight in ((a, 1.0), (b, -1.0), (c, -1.0), (d, 1.0)):
        weights[arm] = weights.get(arm, 0.0) + weight
    kept = {arm: weight for arm, weight in weights.items() if weight}
    if not kept:
        raise ConfigurationError(f"{where} compares a difference with itself")
    name = f"({a} - {b}) - ({c} - {d})"
    return [Comparison(name, DIFFERENCE, kept, metric, SIDES[given["sides"]], margin=given["margin"])]


def _trend(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Does the metric rise, or fall, by a straight line against a number that each arm stands for?

    The slope of least squares is a weighted sum of the arms.
    """
    rising, falling = given["rising"], given["falling"]
    if (rising is None) == (falling is None):
        raise ConfigurationError(f"{where} needs either `rising` or `falling`: a number for each arm")
    levels = _levels(f"{where}.{'rising' if falling is None else 'falling'}", rising or falling, given["scale"])
    centre = sum(levels.values()) / len(levels)
    spread = sum((level - centre) ** 2 for level in levels.values())
    sign = 1.0 if falling is None else -1.0
    weights = {arm: sign * (level - centre) / spread for arm, level in levels.items()}
    name = f"{'rise' if falling is None else 'fall'} per {'factor of ten' if given['scale'] == 'log10' else 'unit'}"
    return [Comparison(name, DIFFERENCE, weights, metric, SIDES[given["sides"]], margin=given["margin"])]


def _equivalence(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Are two arms, or one and a number, as good as the same?"""
    if given["margin"] is None:
        raise ConfigurationError(f"{where} needs a margin: how far apart is as good as the same")
    if given["arms"][0] == given["arms"][-1]:
        raise bad_value(f"{where}.arms", given["arms"], "two arms, or an arm and a number")
    first, second = given["arms"]
    return [_compared(EQUIVALENCE, first, second, {**given, "sides": "two-sided"}, metric)]


def _deterministic(where: str, given: Mapping[str, Any], metric: Metric) -> list[Comparison]:
    """Does an arm give this number?"""
    if not isinstance(given["values"], Mapping) or not given["values"]:
        raise bad_value(f"{where}.values", given["values"], "a number for each arm")
    values = {str(arm): number()(f"{where}.values.{arm}", value) for arm, value in given["values"].items()}
    return [
        Comparison(
            f"{arm} = {value:.10g}", DETERMINISTIC, {arm: 1.0}, metric, TWO_SIDED, float(value), given["tolerance"]
        )
        for arm, value in values.items()
    ]


def _compared(kind: str, larger: str, smaller: str | float, given: Mapping[str, Any], metric: Metric) -> Comparison:
    """Compare two arms, or an arm and a number."""
    tails, margin = SIDES[given["sides"]], given["margin"]
    if isinstance(smaller, str):
        return Comparison(f"{larger} - {smaller}", kind, {larger: 1.0, smaller: -1.0}, metric, tails, margin=margin)
    name = f"{larger} - {smaller:g}" if smaller else larger
    return Comparison(name, kind, {larger: 1.0}, metric, tails, float(smaller), margin)


def _pair(key: str, value: Sequence[str]) -> tuple[str, str]:
    if len(value) != 2:  # noqa: PLR2004
        raise bad_value(key, list(value), "a list of two arms, of which the second is taken off the first")
    return value[0], value[1]


def _levels(key: str, given: Any, scale: str) -> dict[str, float]:
    is_log = scale == "log10"
    allowed = "a number for each of at least two arms, of which two differ"
    if not isinstance(given, Mapping):
        raise bad_value(key, given, allowed)
    check = number(0, open_low=True) if is_log else number()
    values = {str(arm): check(f"{key}.{arm}", value) for arm, value in given.items()}
    if len(set(values.values())) < 2:  # noqa: PLR2004
        raise bad_value(key, given, allowed)
    return {arm: math.log10(value) if is_log else value for arm, value in values.items()}


def _arm_or_number(key: str, value: Any) -> str | float:
    return value if isinstance(value, str) and value else number()(key, value)


def _two(key: str, value: Any) -> list[str | float]:
    given = value if isinstance(value, list) else [value, 0]
    if len(given) != 2:  # noqa: PLR2004
        raise bad_value(key, value, "two arms, or an arm and a number")
    return [_NAME(key, given[0]), _arm_or_number(key, given[1])]


_ASKED = {"sides": _SIDES, "margin": Parameter(None, _MARGIN)}
_PAIR = {"larger": Parameter(None, _NAME), "smaller": Parameter(None, _arm_or_number), **_ASKED}
_TWO_PAIRS = {"larger": Parameter(None, list_of(_NAME)), "smaller": Parameter(None, list_of(_NAME)), **_ASKED}
_AGAINST = {
    "rising": Parameter(None, lambda _, value: value),
    "falling": Parameter(None, lambda _, value: value),
    "scale": Parameter("linear", one_of("linear", "log10")),
}
_Make = Callable[[str, Mapping[str, Any], Metric], list[Comparison]]
_KINDS: dict[str, tuple[dict[str, Parameter], _Make]] = {
    "difference": (_PAIR | {"by": Parameter(0.0, number())}, _difference),
    "equivalence": ({"arms": Parameter(None, _two), "margin": Parameter(None, _MARGIN)}, _equivalence),
    "ordering": ({"rising": Parameter(None, list_of(_NAME)), **_ASKED}, _ordering),
    "interaction": (_TWO_PAIRS, _interaction),
    "trend": (_AGAINST | _ASKED, _trend),
    "rate": (_PAIR, _rate),
    "deterministic": (
        {"values": Parameter(None, lambda _, value: value), "tolerance": Parameter(0.0, number(0))},
        _deterministic,
    ),
}
