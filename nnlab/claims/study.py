"""Measures by a program of the claim's own, where training arms is not enough."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

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


class Measured(NamedTuple):
    """What a study measured of one seed of an arm, by name, and the seconds that it took."""

    arm: str
    seed: int
    found: dict[str, float]
    seconds: float


def measured_arms(
    claim: Claim, arms: Mapping[str, Sequence[str]], seeds: Mapping[str, Sequence[int]], console: Console
) -> Iterator[Measured]:
    """Yield what the study measures of each arm and seed, as soon as it has.

    Raises:
        ConfigurationError: it does not measure what the claim is about.
    """
    measure = load_study(claim)
    pairs = [(name, seed) for name in arms for seed in seeds[name]]
    for arm, seed in counted(pairs, "measuring", console):
        start = time.perf_counter()
        try:
            found = {name: float(value) for name, value in measure(list(arms[arm]), seed).items()}
        except NnlabError:
            raise
        except Exception as error:
            where = f"{claim.study}, arm {arm}, seed {seed}"
            raise ConfigurationError(f"{where}: {type(error).__name__}: {error}") from error
        missing = {metric.name for metric in claim.metrics} - found.keys()
        if missing:
            given = ", ".join(found)
            raise ConfigurationError(f"{claim.study} measures {given}, and not {', '.join(sorted(missing))}")
        yield Measured(arm, seed, found, time.perf_counter() - start)
