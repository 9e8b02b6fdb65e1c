"""Measures by a program of the claim's own, where training arms is not enough."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from rich.console import Console

from nnlab.claims.claim import Claim
from nnlab.console.counting import counted
from nnlab.errors import ConfigurationError, NnlabError

Measure = Callable[[list[str], int], Mapping[str, float]]


def load_study(claim: Claim) -> Measure:
    """Return the function `measure(overrides, seed)` of a claim's study.py.

    It returns numbers by name; NaN for what diverged.

    Raises:
        ConfigurationError: there is no such function.
    """
    specification = importlib.util.spec_from_file_location(f"study_{claim.id}", cast(str, claim.study))
    if specification is None or specification.loader is None:
        raise ConfigurationError(f"{claim.study} cannot be imported")
    module = importlib.util.module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(f"{claim.study} cannot be imported: {type(error).__name__}: {error}") from error
    if not callable(getattr(module, "measure", None)):
        raise ConfigurationError(f"{claim.study} has no function measure(overrides, seed)")
    return cast(Measure, module.measure)


def measure_arms(
    claim: Claim, arms: Mapping[str, Sequence[str]], seeds: Mapping[str, Sequence[int]], console: Console
) -> dict[str, dict[int, dict[str, float]]]:
    """Return what the study measures of each arm and seed, by name.

    Raises:
        ConfigurationError: it does not measure what the claim is about.
    """
    measure = load_study(claim)
    pairs = [(arm, seed) for arm in arms for seed in seeds[arm]]
    found: dict[str, dict[int, dict[str, float]]] = {arm: {} for arm in arms}
    for arm, seed in counted(pairs, "measuring", console):
        try:
            found[arm][seed] = {name: float(value) for name, value in measure(list(arms[arm]), seed).items()}
        except NnlabError:
            raise
        except Exception as error:
            where = f"{claim.study}, arm {arm}, seed {seed}"
            raise ConfigurationError(f"{where}: {type(error).__name__}: {error}") from error
        missing = {metric.name for metric in claim.metrics} - found[arm][seed].keys()
        if missing:
            given = ", ".join(found[arm][seed])
            raise ConfigurationError(f"{claim.study} measures {given}, and not {', '.join(sorted(missing))}")
    return found
