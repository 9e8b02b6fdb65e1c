"""Checks of single values: each knows, in words, what it allows.

A check is called with a key and a value; it returns the value in its proper type or raises ConfigurationError.
Every piece of the toolbox (an activation, an optimizer, a data source, ...) lists its settings as
``PARAMETERS = {"slope": Parameter(0.01, number(0, 1)), ...}``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from nnlab.errors import bad_value, unknown_name

Check = Callable[[str, Any], Any]


class Parameter(NamedTuple):
    """One setting of a piece: its default, and the check of a value given instead."""

    default: Any
    check: Check
    choices: tuple[str, ...] = ()  # the names, where it is one of some names

    def as_number(self, value: Any) -> float:
        """Return a checked value as kernels take it: a name by its place among the choices."""
        return float(self.choices.index(value) if self.choices else value)


def choice(default: str, *others: str) -> Parameter:
    """Return a setting that is one of some names, the first of which is the default."""
    choices = (default, *others)
    return Parameter(default, one_of(*choices), choices)


def whole(at_least: int, at_most: int | None = None) -> Check:
    """Allow a whole number in a range."""
    upper = "" if at_most is None else f" and at most {at_most}"
    allowed = f"a whole number, at least {at_least}{upper}"

    def check(key: str, value: Any) -> int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or value < at_least or (at_most is not None and value > at_most):
            raise bad_value(key, value, allowed)
        return int(value)

    return check


def number(low: float = -math.inf, high: float = math.inf, *, open_low: bool = False, open_high: bool = False) -> Check:
    """Allow a finite number from low to high, each end included unless it is open."""
    allowed = _range_in_words("above" if open_low else "at least", low, "below" if open_high else "at most", high)

    def check(key: str, value: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            raise bad_value(key, value, allowed)
        if value < low or value > high or (open_low and value == low) or (open_high and value == high):
            raise bad_value(key, value, allowed)
        return float(value)

    return check


def one_of(*choices: str) -> Check:
    """Allow one of some names."""

    def check(key: str, value: Any) -> str:
        if value not in choices:
            raise bad_value(key, value, f"one of {', '.join(choices)}")
        return str(value)

    return check


def text(allowed: str = "a text") -> Check:
    """Allow a text that is not empty."""

    def check(key: str, value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise bad_value(key, value, allowed)
        return value

    return check


def flag() -> Check:
    """Allow true or false."""

    def check(key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise bad_value(key, value, "true or false")
        return value

    return check


def optional(inner: Check) -> Check:
    """Allow null as well."""

    def check(key: str, value: Any) -> Any:
        return None if value is None else inner(key, value)

    return check


def list_of(inner: Check) -> Check:
    """Allow a list of at least one value, each of which the inner check allows."""

    def check(key: str, value: Any) -> list[Any]:
        if not _is_list(value) or not value:
            raise bad_value(key, value, "a list that is not empty")
        return [inner(key, element) for element in value]

    return check


def one_or_list(one: Check, element: Check) -> Check:
    """Allow one value, or a list of at least one element."""
    elements = list_of(element)
    return lambda key, value: elements(key, value) if _is_list(value) else one(key, value)


def check_parameters(where: str, given: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return all parameters of a piece, the given values checked and defaults for the others.

    Raises:
        ConfigurationError: a key that the piece does not have, or a value that it does not allow.
    """
    for key in given:
        if key not in parameters:
            raise unknown_name(f"key of {where}", key, parameters)
    return {
        key: parameter.check(f"{where}.{key}", given.get(key, parameter.default))
        for key, parameter in parameters.items()
    }


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _range_in_words(over: str, low: float, under: str, high: float) -> str:
    lower = "" if low == -math.inf else f"{over} {low:g}"
    upper = "" if high == math.inf else f"{under} {high:g}"
    bounds = " and ".join(part for part in (lower, upper) if part)
    return f"a finite number{', ' if bounds else ''}{bounds}"
