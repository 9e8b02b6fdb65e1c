"""Time how soon nnlab answers: --help, and the end of the first epoch, with compiled code at hand and without.

python experiments/performance/whole_command_start.py --rounds 5
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from command import progress, rounds_parser, run
from whole_command import Taken, take

HELP = [sys.executable, "-m", "nnlab.run", "--help"]
# The default command, until the first call of an observer of epochs.
FIRST_EPOCH = """
import os, sys
from nnlab.console.progress import TrainingProgress
from nnlab.run import main
TrainingProgress.observe = lambda *_: os._exit(0)
sys.argv[1:] = []
main()
"""


def main() -> int:
    """Run the command; return its exit status."""
    return run(_measure, rounds_parser(__doc__, rounds=5).parse_args())


def _measure(options: argparse.Namespace) -> None:
    print("| from the start to | seconds | processor seconds |\n| :--- | ---: | ---: |")
    for name, measure in MEASURED.items():
        progress(f"{name} ...")
        print(_row(name, measure, options.rounds), flush=True)


def _row(name: str, measure: Callable[[], Taken], rounds: int) -> str:
    """Measure once to warm up and then several times; return the medians as a row of the table."""
    measure()
    walls, processors = zip(*(measure() for _ in range(rounds)), strict=True)
    return f"| {name} | {median(walls):.2f} | {median(processors):.2f} |"


def _help() -> Taken:
    return take(HELP, Path.cwd())


def _first_epoch(**variables: str) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        return take([sys.executable, "-c", FIRST_EPOCH], Path(folder), **variables)


def _first_epoch_compiling() -> Taken:
    with tempfile.TemporaryDirectory() as cache:
        return _first_epoch(NUMBA_CACHE_DIR=cache)


MEASURED: dict[str, Callable[[], Taken]] = {
    "the end of --help": _help,
    "the end of the first epoch": _first_epoch,
    "the end of the first epoch, compiling all it needs": _first_epoch_compiling,
}


if __name__ == "__main__":
    sys.exit(main())
