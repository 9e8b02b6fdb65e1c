"""python -m nnlab.results: recorded runs as one table, a row per seed; with --csv for other programs."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from nnlab.console import new_console
from nnlab.console.commands import one_line_errors

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = ("test_accuracy", "test_r2", "test_loss", "validation_accuracy", "validation_r2", "validation_loss")


def main() -> None:
    """Run the command line; exit with 2 if there is nothing to read."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.results", description=__doc__.partition(": ")[2])
    parser.add_argument("experiment", nargs="?", default="nnlab", help="its name in MLflow (default: %(default)s)")
    parser.add_argument("--filter", default="", metavar="CONDITION", help="for example \"params.activation = 'relu'\"")
    parser.add_argument("--all", action="store_true", help="runs too that go on, failed or were killed")
    parser.add_argument("--csv", action="store_true", help="print CSV instead of a table")
    arguments = parser.parse_args()
    with one_line_errors():
        _print(arguments)


def _print(arguments: argparse.Namespace) -> None:
    from nnlab import tracking  # noqa: PLC0415
    from nnlab.console.tables import frame_table  # noqa: PLC0415

    frame = tracking.read_results(
        tracking.store_uri(), arguments.experiment, arguments.filter, finished_only=not arguments.all
    )
    if arguments.csv:
        frame.to_csv(sys.stdout, index=False)
    else:
        console = new_console()
        console.print(frame_table(_most_wanted(frame)))
        runs = frame["run_id"].nunique()
        console.print(f"{runs} {'run' if runs == 1 else 'runs'}, seeds in all: {len(frame)}; all columns: --csv")


def _most_wanted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what varied, and losses and scores of validation and test."""
    measured = [name for name in frame if str(name) in _SHOWN]
    return frame[[*(frame.attrs["varied"] or ["run"]), "seed", *measured]]


if __name__ == "__main__":
    main()
