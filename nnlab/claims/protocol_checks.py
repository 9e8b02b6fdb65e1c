"""Refuses a protocol that cannot decide: before anything is trained, and all that is wrong with it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nnlab import data
from nnlab.claims.arms import arm_overrides, first_tried, tuned_overrides
from nnlab.claims.claim import DETERMINISTIC, Budget, Claim
from nnlab.claims.measuring import check_metric, check_objective
from nnlab.claims.power import fewest_seeds
from nnlab.claims.problems import Problems
from nnlab.claims.reading import FIRST_TUNING_SEED
from nnlab.claims.study import for_training, own_settings
from nnlab.composition import compose
from nnlab.schema import Config


def note_problems(claim: Claim, budget: Budget, problems: Problems) -> None:
    """Check what a claim says against what can be trained.

    Noted are unknown overrides and metrics, arms that are identical or differ in more than is declared, and fewer seeds
    than the tests need.
    """
    _check_seeds(claim, budget, problems)
    overrides = {arm: [*arm_overrides(claim, budget, arm), *first_tried(claim, budget, arm)] for arm in claim.arms}
    own = {arm: {} if claim.study is None else own_settings(given) for arm, given in overrides.items()}
    if claim.study is not None:
        overrides = {arm: for_training(given) for arm, given in overrides.items()}
    configs = {arm: problems.of(compose, given) for arm, given in overrides.items()}
    composed = {arm: config for arm, config in configs.items() if config is not None}
    settings = {arm: _flat({**config.as_dict(), "study": own[arm]}) for arm, config in composed.items()}
    _check_differences(claim, budget, settings, problems)
    _check_metrics(claim, composed, problems)
    _check_equal_tuning(claim, budget, problems)


def _check_seeds(claim: Claim, budget: Budget, problems: Problems) -> None:
    """Check that the test can be significant with the seeds of each look."""
    for comparison in claim.comparisons:
        if comparison.kind == DETERMINISTIC:
            continue
        parts = len(claim.primary) if comparison.is_primary else 1
        needed = fewest_seeds(comparison.tails.at_each_of(len(budget.looks)), parts)
        if budget.looks[0] < needed:
            problems.add(
                f"budgets.{budget.name}.seeds={budget.looks[0]} is too few: {comparison.name} can be significant "
                f"in either direction from {needed} on"
            )
    if budget.seeds + max(claim.first_seed.values(), default=0) > FIRST_TUNING_SEED:
        problems.add(f"budgets.{budget.name}.seeds={budget.seeds} reach those of tuning, from {FIRST_TUNING_SEED} on")


def _check_differences(
    claim: Claim, budget: Budget, settings: Mapping[str, Mapping[str, Any]], problems: Problems
) -> None:
    """Check that arms differ in what is declared, in nothing else, and in something."""
    tuned = () if claim.tuning is None else tuple(claim.tuning.keys)
    allowed = (*claim.varies, *tuned, *(("depth",) if "width" in claim.varies else ()))
    arms = list(settings)
    for place, arm in enumerate(arms):
        for other in arms[:place]:
            differing = _differing(settings[other], settings[arm])
            if not differing and not _differ_besides(claim, budget, arm, other):
                problems.add(f"arms {other} and {arm} are identical")
            undeclared = [key for key in differing if not _is_allowed(key, allowed)]
            if undeclared:
                problems.add(
                    f"arms {other} and {arm} differ in {', '.join(undeclared)}, which `varies` does not declare"
                )
    for key in claim.varies:
        if key in tuned:  # the settings here hold the grid's first value, which an arm that is not tuned may have, too
            continue
        if len(arms) > 1 and not any(
            _is_allowed(found, (key,)) for arm in arms[1:] for found in _differing(settings[arms[0]], settings[arm])
        ):
            problems.add(f"`varies` declares {key}, in which no arms differ")


def _differ_besides(claim: Claim, budget: Budget, arm: str, other: str) -> bool:
    """Tell whether arms of the same settings differ in their seeds, or in whether they are tuned."""
    has_grids = [bool(tuned_overrides(claim, budget, each)) for each in (arm, other)]
    return claim.first_seed.get(arm, 0) != claim.first_seed.get(other, 0) or has_grids[0] != has_grids[1]


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _is_allowed(key: str, allowed: Sequence[str]) -> bool:
    """Tell whether a key, or the group it belongs to, is one of some; learning_rate is the optimizer's too."""
    names = [*allowed, *(f"optimizer.{name}" for name in allowed if name == "learning_rate")]
    return any(key == name or key.startswith(f"{name}.") for name in names)


def _flat(settings: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested settings as one mapping, with dots in the keys."""
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        inner = _flat(value, f"{before}{key}.") if isinstance(value, Mapping) else {f"{before}{key}": value}
        flat |= inner
    return flat


def _check_metrics(claim: Claim, configs: Mapping[str, Config], problems: Problems) -> None:
    """Check that what is read is measured, on the data of every arm."""
    for settings in {
        json.dumps(config.dataset, sort_keys=True): config.dataset for config in configs.values()
    }.values():
        dataset = problems.of(data.load, settings)
        if dataset is None:
            continue
        for metric in claim.metrics:
            if claim.study is None:
                problems.of(check_metric, "metric", metric, dataset.task)
            elif metric.read != "end" or metric.less is not None:
                problems.add(f"metric {metric.key} is not allowed: study.py gives one number per seed, as it counts")
        if claim.tuning is not None:
            problems.of(check_objective, claim.tuning.objective, dataset.task)


def _check_equal_tuning(claim: Claim, budget: Budget, problems: Problems) -> None:
    sizes = {arm: len(tuned_overrides(claim, budget, arm)) for arm in claim.arms}
    if len({size for size in sizes.values() if size}) > 1:
        problems.add(f"tuning must try as many combinations for every arm, and not {sizes} with budget {budget.name}")
