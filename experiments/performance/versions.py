"""Time nnlab as it is here and as it was at a commit, by turns, and print how many times as fast it has become.

python experiments/performance/versions.py HEAD~5 --networks 3 5 --rounds 7
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from command import progress, rounds_parser, run
from networks import NETWORKS

from nnlab.errors import ConfigurationError

HERE = Path(__file__).resolve().parents[2]
TIMES = "times.json"

Times = dict[int, float]  # microseconds per step of each network


def main() -> int:
    """Run the command; return its exit status."""
    options = rounds_parser(__doc__, rounds=5)
    options.add_argument("commit", help="the earlier version: anything that git understands")
    options.add_argument("--networks", nargs="+", type=int, choices=NETWORKS, default=list(NETWORKS))
    return run(_compare, options.parse_args())


def _compare(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _compare_in(Path(folder), options)


def _compare_in(folder: Path, options: argparse.Namespace) -> None:
    _unpack(options.commit, folder)
    numbers = list(dict.fromkeys(options.networks))
    trees = {"before": folder, "now": HERE}
    rounds: dict[str, list[Times]] = {name: [] for name in trees}
    for turn in range(options.rounds + 1):
        progress(f"round {turn} of {options.rounds} ..." if turn else "compiling ...")
        for name in sorted(trees, reverse=bool(turn % 2)):
            times = _measure(trees[name], numbers, folder)
            if turn:
                rounds[name].append(times)
    print(_table(numbers, rounds))


def _unpack(commit: str, folder: Path) -> None:
    """Write the files of a commit to a folder."""
    archive = subprocess.run(["git", "-C", HERE, "archive", commit], capture_output=True, check=False)  # noqa: S603, S607
    if archive.returncode:
        raise ConfigurationError(f"git knows no {commit!r} in {HERE}")
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)  # noqa: S603, S607


def _measure(tree: Path, numbers: list[int], folder: Path) -> Times:
    """Let a version measure itself in a process of its own."""
    script, networks = tree / "experiments/performance/compare.py", map(str, numbers)
    arguments = ["--peers", "nnlab", "--rounds", "1", "--json", str(folder / TIMES), "--networks", *networks]
    done = subprocess.run(  # noqa: S603
        [sys.executable, script, *arguments],
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ConfigurationError(f"{tree}: {(done.stderr.strip() or 'failed').splitlines()[-1]}")
    found = json.loads((folder / TIMES).read_text())["networks"]
    return {int(number): min(min(timing["rounds"]) for timing in found[number]["timings"]) for number in found}


def _table(numbers: list[int], rounds: dict[str, list[Times]]) -> str:
    """Return medians, and the median over rounds of the ratio within a round."""
    lines = ["| microseconds per step | before | now | before / now |", "| :--- | ---: | ---: | ---: |"]
    for number in numbers:
        before, now = ([times[number] for times in rounds[name]] for name in ("before", "now"))
        ratio = median(a / b for a, b in zip(before, now, strict=True))
        lines.append(f"| {NETWORKS[number].title} | {median(before):,.1f} | {median(now):,.1f} | {ratio:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
