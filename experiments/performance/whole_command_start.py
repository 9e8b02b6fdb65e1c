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

from whole_command import Taken, progress, take

from nnlab.checks import whole
from nnlab.errors import NnlabError

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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each (default: 5)")
    rounds = parser.parse_args().rounds
    try:
        whole(1)("--rounds", rounds)
        print("| from the start to | seconds | processor seconds |\n| :--- | ---: | ---: |")
        for name, measure in MEASURED.items():
            print(_row(name, measure, rounds), flush=True)
    except NnlabError as error:
        progress(f"error: {error}")
        return 2
    return 0


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
