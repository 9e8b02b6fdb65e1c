"""Time a whole command, from start to end, against the same written with PyTorch, Hydra and MLflow, by turns.

python experiments/performance/whole_command.py --rounds 3
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from command import progress, rounds_parser, run

from nnlab.errors import ConfigurationError

HERE = Path(__file__).resolve().parent
SWEEP = ["-m", "activation=relu,sigmoid", "seeds=10"]
PEER = [sys.executable, str(HERE / "whole_command" / "train.py"), *SWEEP]
COMMANDS = {
    "nnlab": [sys.executable, "-m", "nnlab.run", *SWEEP, "rerun=true"],  # or it would find that all is done
    "PyTorch, 1 thread": [*PEER, "threads=1"],
    "PyTorch, 2 threads": [*PEER, "threads=2"],
}
RECORDED = ("seconds_training", "seconds_logging")  # by nnlab, with each job


class Taken(NamedTuple):
    """The seconds that a command took: on the clock, and of processors."""

    wall: float
    processor: float


def main() -> int:
    """Run the command; return its exit status."""
    return run(_compare, rounds_parser(__doc__, rounds=3).parse_args())


def _compare(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        taken = _measure(folder, options.rounds)
        print(_table(taken))
        print(_shares(folder / "nnlab" / "mlflow.db", taken["nnlab"]))


def take(command: Sequence[str], folder: Path, **variables: str) -> Taken:
    """Run a command in a folder, without the user's settings of MLflow; return how long it took.

    Raises:
        ConfigurationError: it failed; the message ends with its last line.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW")} | variables
    before, start = _processor_seconds(), time.perf_counter()
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    taken = Taken(time.perf_counter() - start, _processor_seconds() - before)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip() or "it said nothing"
        raise ConfigurationError(f"{' '.join(command)} failed: {said.splitlines()[-1]}")
    return taken


def _measure(folder: Path, rounds: int) -> dict[str, list[Taken]]:
    """Return what each command took in each round; each works in a folder of its own, which it has used before."""
    taken: dict[str, list[Taken]] = {name: [] for name in COMMANDS}
    for turn in range(rounds + 1):
        progress(f"round {turn} of {rounds} ..." if turn else "warming up ...")
        for name in sorted(COMMANDS, reverse=bool(turn % 2)):
            (folder / name).mkdir(exist_ok=True)
            one = take(COMMANDS[name], folder / name)
            if turn:
                taken[name].append(one)
    return taken


def _processor_seconds() -> float:
    """Return what the commands that have ended took of all processors."""
    times = os.times()
    return times.children_user + times.children_system


def _table(taken: dict[str, list[Taken]]) -> str:
    """Return medians, and the medians over rounds of the ratios to nnlab within a round."""
    lines = [
        "| whole command | seconds | / nnlab | processor seconds | / nnlab |",
        "| :--- | ---: | ---: | ---: | ---: |",
    ]
    for name, own in taken.items():
        cells = [name]
        for part in range(len(Taken._fields)):
            ratio = median(one[part] / nnlab[part] for one, nnlab in zip(own, taken["nnlab"], strict=True))
            cells += [f"{median(one[part] for one in own):.1f}", f"{ratio:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _shares(store: Path, taken: Sequence[Taken]) -> str:
    """Return which share of nnlab's time is training, and which MLflow's calls; all but training is the harness.

    Some of MLflow's calls, and its import, run beside the training.
    """
    from mlflow import MlflowClient  # noqa: PLC0415

    client = MlflowClient(f"sqlite:///{store}")
    jobs = client.search_runs([one.experiment_id for one in client.search_experiments()], max_results=2 * len(taken))
    wall = sum(one.wall for one in taken)
    training, logging = (sum(job.data.metrics[name] for job in jobs) / wall for name in RECORDED)
    return f"nnlab's seconds: training {training:.0%}, harness {1 - training:.0%}; calls of MLflow {logging:.0%}"


if __name__ == "__main__":
    sys.exit(main())
