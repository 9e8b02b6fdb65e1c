"""Measures by a program of the claim's own, where training arms is not enough."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

from nnlab.claims.claim import Claim
from nnlab.console import quiet
from nnlab.errors import ConfigurationError, NnlabError
from nnlab.jobs.overrides import by_key

Measure = Callable[..., Mapping[str, float]]

_OWN = "study."


def for_training(overrides: Sequence[str]) -> list[str]:
    """Return the overrides that configure a training, without those of the study's own."""
    return [override for override in overrides if not override.startswith(_OWN)]


def own_settings(overrides: Sequence[str]) -> dict[str, Any]:
    """Return the settings of the study's own, such as samples of study.samples=10."""
    import yaml  # noqa: PLC0415

    given = by_key([override for override in overrides if override.startswith(_OWN)])
    return {key.removeprefix(_OWN): yaml.safe_load(value) for key, value in given.items()}


def load_study(claim: Claim) -> Measure:
    """Return the function `measure(overrides, seed)` of a claim's study.py.

    It returns numbers by name; NaN for what diverged. Overrides such as study.samples=10 are its own: it gets them as
    arguments, here samples=10, and not among the others.

    Raises:
        ConfigurationError: there is no such function.
    """
    return cast(Measure, _module(claim).measure)


def must_be_alone(claim: Claim) -> bool:
    """Tell whether a study says `ALONE = True`, as one that takes times does: nothing may run beside it."""
    return bool(getattr(_module(claim), "ALONE", False))


def _module(claim: Claim) -> ModuleType:
    path = cast(Path, claim.study)
    return _imported(claim.id, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)  # what a study itself keeps, such as networks, goes with it
def _imported(name: str, path: Path, _changed: int) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"study_{name}", path)
    if specification is None or specification.loader is None:
        raise ConfigurationError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    if not callable(getattr(module, "measure", None)):
        raise ConfigurationError(f"{path} has no function measure(overrides, seed)")
    return module


class Measured(NamedTuple):
    """What a study measured of one seed of an arm, by name, and the seconds that it took."""

    arm: str
    seed: int
    found: dict[str, float]
    seconds: float


def measured_seed(claim: Claim, arm: str, overrides: Sequence[str], seed: int) -> Measured:
    """Return what the study measures of one seed of an arm.

    Raises:
        ConfigurationError: it fails, or does not measure what the claim is about.
    """
    measure, start = load_study(claim), time.perf_counter()
    try:
        with quiet():
            measured = measure(for_training(overrides), seed, **own_settings(overrides))
        found = {name: float(value) for name, value in measured.items()}
    except NnlabError:
        raise
    except Exception as error:
        where = f"{claim.study}, arm {arm}, seed {seed}"
        raise ConfigurationError(f"{where}: {type(error).__name__}: {error}") from error
    missing = {metric.name for metric in claim.metrics} - found.keys()
    if missing:
        raise ConfigurationError(f"{claim.study} measures {', '.join(found)}, and not {', '.join(sorted(missing))}")
    return Measured(arm, seed, found, time.perf_counter() - start)
