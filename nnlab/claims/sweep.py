"""Trains arms by the ordinary command, so that a claim shares its skipping, resuming and launchers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from nnlab.errors import NnlabError
from nnlab.jobs.overrides import quoted
from nnlab.jobs.sweep_folder import SweepJob, sweep_jobs


def command(arms: Mapping[str, Sequence[str]], others: Sequence[str]) -> list[str]:
    """Return the arguments of `python -m nnlab.run` that train the arms."""
    listed = ",".join(f"{arm}:[{','.join(map(quoted, overrides))}]" for arm, overrides in arms.items())
    return ["-m", "hydra/sweeper=arms", f"hydra.sweeper.arms={{{listed}}}", *others]


def train_arms(arms: Mapping[str, Sequence[str]], folder: Path, others: Sequence[str] = ()) -> dict[str, SweepJob]:
    """Train each arm for its seeds, unless the store has it; show progress.

    Args:
        arms: the overrides of each, with its seeds.
        folder: of the sweep.
        others: further overrides, such as hydra/launcher=joblib.

    Returns:
        The job of each arm.

    Raises:
        NnlabError: an arm could not be trained.
    """
    arguments = command(arms, [*others, f"hydra.sweep.dir={quoted(str(folder))}"])
    done = subprocess.run([sys.executable, "-m", "nnlab.run", *arguments], check=False)  # noqa: S603
    if done.returncode < 0 or done.returncode >= 128:  # noqa: PLR2004 - ended by a signal
        raise KeyboardInterrupt
    if done.returncode:
        raise NnlabError("not all arms could be trained, as said above: mend that, and give the command again")
    jobs = sweep_jobs(folder)
    if len(jobs) != len(arms):
        raise NnlabError(f"{len(jobs)} of {len(arms)} arms have ended: give the command again")
    return dict(zip(arms, jobs, strict=True))
