"""What a search may choose from, as Hydra's overrides say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from nnlab.errors import ConfigurationError

_LOG = "log"


def search_space(overrides: Sequence[Override]) -> tuple[list[str], dict[str, BaseDistribution]]:
    """Return the overrides that stay the same, and by their keys the values from which the others are taken.

    `a,b` and `choice(a,b)` are choices, `range(1,9)` whole numbers (or steps), `interval(0.1,1)` all numbers between;
    `tag(log,interval(1e-4,1e-1))` all, evenly many in each factor of ten.

    Raises:
        ConfigurationError: nothing is to be searched, or a logarithmic interval does not begin above 0.
    """
    fixed = [override.input_line for override in overrides if not override.is_sweep_override()]
    searched = [override for override in overrides if override.is_sweep_override()]
    if not searched:
        raise ConfigurationError("there is nothing to search: give a range, learning_rate=tag(log,interval(1e-4,1e-1))")
    return [str(line) for line in fixed], {
        str(override.get_key_element()): _distribution(override) for override in searched
    }


def _distribution(override: Override) -> BaseDistribution:
    value = override.value()
    if isinstance(value, IntervalSweep):
        return _interval(override, value)
    if isinstance(value, RangeSweep) and not value.shuffle:
        return _range(value)
    choices = [str(choice) for choice in override.sweep_string_iterator()]
    if not choices:
        raise ConfigurationError(f"{override.input_line} matches no choice of {override.get_key_element()}")
    return CategoricalDistribution(choices)


def _interval(override: Override, interval: IntervalSweep) -> BaseDistribution:
    low, high, is_log = interval.start, interval.end, _LOG in interval.tags
    if low is None or high is None or low >= high or (is_log and low <= 0):
        allowed = "begin above 0" if is_log else "begin below its end"
        raise ConfigurationError(f"{override.input_line}: the interval must {allowed}")
    if isinstance(low, int) and isinstance(high, int):
        return IntDistribution(low, high, log=is_log)
    return FloatDistribution(float(low), float(high), log=is_log)


def _range(values: RangeSweep) -> BaseDistribution:
    numbers = [number for number in values.range() if number is not None]
    if not numbers:
        raise ConfigurationError("a range that is searched must have a value")
    step: Any = values.step
    if all(isinstance(number, int) for number in numbers):
        return IntDistribution(int(numbers[0]), int(numbers[-1]), step=int(step))
    return FloatDistribution(float(numbers[0]), float(numbers[-1]), step=float(step))
