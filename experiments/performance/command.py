"""What the commands of this folder share: their options, their errors and their progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from networks import NETWORKS

from nnlab.checks import whole
from nnlab.errors import NnlabError, bad_value


def rounds_parser(description: str | None, rounds: int) -> argparse.ArgumentParser:
    """Return a parser of the option that all have; `rounds` is the default number of measurements."""
    options = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    options.add_argument("--rounds", type=int, default=rounds, help=f"measurements of each (default: {rounds})")
    options.set_defaults(json=None)
    return options


def parser(description: str | None, rounds: int) -> argparse.ArgumentParser:
    """Return a parser of the options that those have which measure networks."""
    options = rounds_parser(description, rounds)
    options.add_argument("--networks", nargs="+", type=int, choices=NETWORKS, default=list(NETWORKS))
    options.add_argument("--json", type=Path, metavar="FILE", help="write every measurement there as well")
    return options


def run(work: Callable[[argparse.Namespace], None], options: argparse.Namespace) -> int:
    """Check the options, do the work, and return the exit status."""
    try:
        whole(1)("--rounds", options.rounds)
        if options.json and not options.json.absolute().parent.is_dir():
            raise bad_value("--json", options.json, "a file in a folder that exists")
        work(options)
    except NnlabError as error:
        progress(f"error: {error}")
        return 2
    return 0


def progress(line: str) -> None:
    """Show one line of progress."""
    print(line, file=sys.stderr, flush=True)
