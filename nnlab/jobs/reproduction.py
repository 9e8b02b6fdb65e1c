"""Train a recorded run again, and compare what comes out with what is recorded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import yaml
from rich.console import Console

from nnlab.composition import compose
from nnlab.data import Dataset
from nnlab.jobs.job import Job, run_job
from nnlab.jobs.record import origin_tags
from nnlab.schema import CHANGE_NOTHING, Config
from nnlab.tracking import Numbers, RunRecord, recorded_numbers, source_tags, versions

_COMMIT, _DIRTY = "mlflow.source.git.commit", "mlflow.source.git.dirty"
_NOT_KNOWN = "not known"
_TIMES = "seconds"  # of which no two are alike
_SHORT = 12  # characters that are shown


class Difference(NamedTuple):
    """A number that came out otherwise; NaN stands for none."""

    metric: str
    step: int
    recorded: float
    now: float

    @property
    def relative(self) -> float:
        """How large the difference is, as a part of the larger number; infinite where there is only one."""
        if math.isnan(self.recorded) or math.isnan(self.now):
            return math.inf
        return abs(self.recorded - self.now) / max(abs(self.recorded), abs(self.now))


@dataclass(frozen=True)
class Reproduction:
    """What a run gave when it was trained again.

    Attributes:
        compared: how many numbers were.
        differences: those that are not the same bits.
    """

    compared: int
    differences: list[Difference]

    @property
    def largest(self) -> float:
        """The largest relative difference."""
        return max((difference.relative for difference in self.differences), default=0.0)

    def holds(self, tolerance: float) -> bool:
        """Tell whether every number is there, and none further off than the tolerance."""
        return self.compared > 0 and self.largest <= tolerance


def recorded_config(record: RunRecord) -> Config:
    """Return the configuration of a run, such that it records nothing and begins anew.

    Options that there were not when it was recorded have their defaults.

    Raises:
        ConfigurationError: it has options that there are no more.
    """
    now = compose(["tracking=none"]).as_dict()
    anew = {key: now[key] for key in CHANGE_NOTHING}
    return Config.from_mapping({**now, **yaml.safe_load(record.config_yaml), **anew})


def origin_differences(record: RunRecord, dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Yield what is not as it was when a run was recorded: what, then, now."""
    tags = source_tags() | origin_tags()
    pairs = {
        "git commit": (record.tags.get(_COMMIT), tags.get(_COMMIT)),
        "uncommitted changes": (record.tags.get(_DIRTY), tags.get(_DIRTY)),
        "kernels": (record.tags.get("kernels"), tags["kernels"]),
        "data": (record.dataset_digest, dataset.digest[: len(record.dataset_digest)]),
    }
    then, now = record.versions, versions()
    pairs |= {name: (then.get(name), now.get(name)) for name in now | then}
    for name, (was, is_now) in pairs.items():
        if was != is_now:
            yield name, (was or _NOT_KNOWN)[:_SHORT], (is_now or _NOT_KNOWN)[:_SHORT]


def reproduce(record: RunRecord, config: Config, console: Console) -> Reproduction:
    """Train a run again and compare all numbers but times."""
    result = run_job(config, Job(), console)
    return compared(_untimed(record.numbers), _untimed(recorded_numbers(result.history, result.summary)))


def compared(recorded: Numbers, now: Numbers) -> Reproduction:
    """Compare two records, number by number."""
    keys = sorted(recorded.keys() | now.keys())
    pairs = [Difference(*key, recorded.get(key, math.nan), now.get(key, math.nan)) for key in keys]
    return Reproduction(len(pairs), [pair for pair in pairs if pair.recorded != pair.now])


def _untimed(numbers: Numbers) -> Numbers:
    return {key: value for key, value in numbers.items() if _TIMES not in key[0]}
