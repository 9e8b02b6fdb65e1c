"""The results of a claim, in a small file beside it: what was measured of each seed, under which protocol."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nnlab.claims.claim import Budget, Claim, Metric
from nnlab.claims.problems import ClaimError
from nnlab.claims.protocol import Protocol
from nnlab.files import whole_file
from nnlab.training.curves import Band

NO_VERDICT = "none yet"


@dataclass
class Results:
    """What came out, and how.

    Attributes:
        protocol: that was written down before the first result.
        tuned: the overrides that tuning chose for each arm.
        trials: what tuning saw: of each arm, the values tried and the objective.
        measured: of each metric, by its key, and each arm, a number per seed; None: it diverged.
        curves: of each arm and column, the epochs, and over the seeds the mean, lowest and highest.
        seconds: that training took, over all seeds of each arm, and tuning.
        versions: of the packages that decide about results, and the processor.
        amended: earlier protocols of which there were results: what changed, when, and what the verdict was.
        verdict: on what was measured, for who reads the file; `judge` says it anew.
    """

    protocol: Protocol
    tuned: dict[str, list[str]] = field(default_factory=dict)
    trials: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    measured: dict[str, dict[str, dict[str, float | None]]] = field(default_factory=dict)
    curves: dict[str, dict[str, Band]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    amended: list[dict[str, str]] = field(default_factory=list)
    verdict: str = NO_VERDICT

    @property
    def core_seconds(self) -> float:
        """What training took on one core, all seeds one after the other, tuning included."""
        return sum(self.seconds.values())

    @property
    def has_verdict(self) -> bool:
        """Whether all that was planned has been measured."""
        return self.verdict != NO_VERDICT

    def measurements(self, claim: Claim) -> dict[Metric, dict[str, list[float]]]:
        """Return what the verdict is about: of each metric and arm, a number per seed in the order of the seeds."""
        return {
            metric: {
                arm: [
                    math.nan if value is None else value
                    for _, value in _by_seed(self.measured[metric.key].get(arm, {}))
                ]
                for arm in claim.arms
            }
            for metric in claim.metrics
            if metric.key in self.measured
        }

    def is_complete(self, claim: Claim, seeds: int) -> bool:
        """Tell whether so many seeds of all arms have been measured, in every metric."""
        return all(
            len(self.measured.get(metric.key, {}).get(arm, {})) >= seeds
            for metric in claim.metrics
            for arm in claim.arms
        )

    def has(self, claim: Claim, arm: str, seed: int) -> bool:
        """Tell whether a seed of an arm has been measured, in every metric."""
        return all(str(seed) in self.measured.get(metric.key, {}).get(arm, {}) for metric in claim.metrics)

    def add_seconds(self, arm: str, seconds: float) -> None:
        """Take how long some seeds of an arm took."""
        self.seconds[arm] = self.seconds.get(arm, 0.0) + seconds

    def note(self, metric: Metric, arm: str, values: Mapping[int, float]) -> None:
        """Take what was measured of an arm's seeds."""
        arms = self.measured.setdefault(metric.key, {})
        new = {str(seed): value if math.isfinite(value) else None for seed, value in values.items()}
        arms[arm] = dict(_by_seed(arms.get(arm, {}) | new))


def _by_seed(values: Mapping[str, float | None]) -> list[tuple[str, float | None]]:
    return sorted(values.items(), key=lambda pair: int(pair[0]))


def results_path(claim: Claim, budget: Budget) -> Path:
    """Return where the results of a budget lie."""
    return claim.folder / f"results-{budget.name}.json"


def load_results(claim: Claim, budget: Budget) -> Results | None:
    """Read what there is of a claim's results under a budget, if anything.

    Raises:
        ClaimError: the file is damaged.
    """
    path = results_path(claim, budget)
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Results(**{**content, "protocol": Protocol(**content["protocol"])})
    except (ValueError, TypeError, KeyError) as error:
        message = f"{path} is damaged ({error}): take it back from git, or delete it and run the claim again"
        raise ClaimError([message]) from error


def save_results(claim: Claim, budget: Budget, results: Results) -> Path:
    """Write the results: the file is there whole, or as it was."""
    path = results_path(claim, budget)
    with whole_file(path) as temporary:
        temporary.write_text(_json(asdict(results)) + "\n", encoding="utf-8")
    return path


def _json(value: Any, depth: int = 0) -> str:
    """Return JSON that is indented but for innermost lists and mappings, which stand in a line each."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if not inner or (depth > 1 and not any(isinstance(each, dict | list) for each in inner)):
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    texts = [_json(each, depth + 1) for each in inner]
    if isinstance(value, dict):
        texts = [f"{json.dumps(key, ensure_ascii=False)}: {text}" for key, text in zip(value, texts, strict=True)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    margin = "\n" + "  " * depth
    return f"{start}{margin}  " + f",{margin}  ".join(texts) + f"{margin}{end}"
