"""The settings that every data set has: subset, validation, test, scaling, scale_targets."""

from __future__ import annotations

from typing import Any

from nnlab.checks import Check, Parameter, flag, one_of, optional, whole
from nnlab.data.dataset import REGRESSION
from nnlab.data.scaling import KINDS
from nnlab.errors import bad_value

DEFAULT_PART = 0.15


def common_parameters(
    task: str | None,
    *,
    scaling: str = "standardise",
    validation: float = DEFAULT_PART,
    test: Parameter | None = None,
) -> dict[str, Parameter]:
    """Return the common settings with a data set's own defaults; the task is None where the file decides."""
    return {
        "subset": Parameter(None, optional(whole(1))),
        "validation": Parameter(validation, part()),
        "test": test or Parameter(DEFAULT_PART, part()),
        "scaling": Parameter(scaling, one_of(*KINDS)),
        "scale_targets": Parameter(task in (None, REGRESSION), _scale_targets(task)),
    }


def part() -> Check:
    """Allow a fraction of the whole, or a count of examples."""

    def check(key: str, value: Any) -> float:
        is_fraction = isinstance(value, float) and 0 < value < 1
        is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if not (is_fraction or is_count):
            raise bad_value(key, value, "a fraction above 0 and below 1, or a whole number of examples, at least 1")
        return value  # type: ignore[no-any-return]

    return check


def official_test() -> Parameter:
    """Allow null only: the data set brings its own test split."""

    def check(key: str, value: Any) -> None:
        if value is not None:
            raise bad_value(key, value, "null: this data set has an official test split")

    return Parameter(None, check)


def _scale_targets(task: str | None) -> Check:
    def check(key: str, value: Any) -> bool:
        scaled = flag()(key, value)
        if scaled and task not in (None, REGRESSION):
            raise bad_value(key, value, f"false: only targets of a {REGRESSION} can be scaled")
        return bool(scaled)

    return check
