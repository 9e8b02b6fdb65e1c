"""Trains arms by the ordinary command, so that a claim shares its skipping, resuming and launchers."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from nnlab.claims.trainer import train
from nnlab.errors import NnlabError
from nnlab.jobs.overrides import by_key, quoted
from nnlab.jobs.sweep_folder import SweepJob, sweep_jobs

_NO_FIGURES = "figures=false"  # a claim has its own
_INTERRUPTED = (-signal.SIGINT, -signal.SIGTERM, 128 + signal.SIGINT, 128 + signal.SIGTERM)


def command(arms: Mapping[str, Sequence[str]], others: Sequence[str]) -> list[str]:
    """Return the arguments of `python -m nnlab.run` that train the arms."""
    listed = ",".join(f"{arm}:[{','.join(map(quoted, overrides))}]" for arm, overrides in arms.items())
    return ["-m", "hydra/sweeper=arms", f"hydra.sweeper.arms={{{listed}}}", *others]


def train_arms(arms: Mapping[str, Sequence[str]], folder: Path, others: Sequence[str] = ()) -> dict[str, SweepJob]:
    """Train each arm for its seeds, unless the store has it; show progress, draw nothing.

    Args:
        arms: the overrides of each, with its seeds.
        folder: of the sweep.
        others: further overrides, such as hydra/launcher=joblib.

    Returns:
        The job of each arm.

    Raises:
        NnlabError: an arm could not be trained.
    """
    others = [*others, _NO_FIGURES]
    arguments = command(_distinct(arms), [*others, f"hydra.sweep.dir={quoted(str(folder))}"])
    status = train(arguments)
    if status in _INTERRUPTED:
        raise KeyboardInterrupt
    if status:
        ended = f"was ended by signal {-status}" if status < 0 else "could not train all arms, as said above"
        raise NnlabError(f"python -m nnlab.run {ended}: mend that, and give the command again")
    common = by_key(others).keys()
    jobs = {
        _key({name: value for name, value in job.overrides.items() if name not in common}): job
        for job in sweep_jobs(folder)
    }
    keys = {arm: _key(by_key(overrides)) for arm, overrides in arms.items()}
    missing = [arm for arm, key in keys.items() if key not in jobs]
    if missing:
        raise NnlabError(f"{', '.join(missing)} did not end: give the command again")
    return {arm: jobs[key] for arm, key in keys.items()}


def _distinct(arms: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return one arm of those with the same overrides, as tuned ones and others may be: it is trained once."""
    return dict({_key(by_key(overrides)): (arm, overrides) for arm, overrides in arms.items()}.values())


def _key(overrides: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return overrides as they tell jobs apart, in whichever order."""
    return frozenset(overrides.items())
