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
from pathlib import Path
from statistics import median

from nnlab.checks import whole
from nnlab.errors import ConfigurationError, NnlabError

HERE = Path(__file__).resolve().parent
SWEEP = ["-m", "activation=relu,sigmoid", "seeds=10"]
PEER = [sys.executable, str(HERE / "whole_command" / "train.py"), *SWEEP]
COMMANDS = {
    "nnlab": [sys.executable, "-m", "nnlab.run", *SWEEP],
    "PyTorch, 1 thread": [*PEER, "threads=1"],
    "PyTorch, 2 threads": [*PEER, "threads=2"],
}


def main() -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each (default: 3)")
    rounds = parser.parse_args().rounds
    try:
        whole(1)("--rounds", rounds)
        with tempfile.TemporaryDirectory() as folder:
            print(_table(_measure(Path(folder), rounds)))
    except NnlabError as error:
        _progress(f"error: {error}")
        return 2
    return 0


def _measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each command in each round; each works in a folder of its own, which it has used before."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(rounds + 1):
        _progress(f"round {turn} of {rounds} ..." if turn else "warming up ...")
        for name in sorted(COMMANDS, reverse=bool(turn % 2)):
            (folder / name).mkdir(exist_ok=True)
            taken = _seconds(name, folder / name)
            if turn:
                seconds[name].append(taken)
    return seconds


def _seconds(name: str, folder: Path) -> float:
    """Run a command and return how long it took."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW")}
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603
        COMMANDS[name], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - start
    if done.returncode:
        raise ConfigurationError(f"{name} failed: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1]}")
    return taken


def _table(seconds: dict[str, list[float]]) -> str:
    """Return medians, and the median over rounds of the ratio to nnlab within a round."""
    lines = ["| whole command | seconds | / nnlab |", "| :--- | ---: | ---: |"]
    for name, taken in seconds.items():
        ratio = median(a / b for a, b in zip(taken, seconds["nnlab"], strict=True))
        lines.append(f"| {name} | {median(taken):.1f} | {ratio:.1f} |")
    return "\n".join(lines)


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
