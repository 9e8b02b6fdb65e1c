"""python -m nnlab.reproduce <run id>: train a recorded run again, and say whether the same comes out."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from nnlab.console import new_console
from nnlab.console.commands import one_line_errors
from nnlab.errors import TrackingError

if TYPE_CHECKING:
    from rich.console import Console

_DOES_NOT_HOLD = 1
_TOLERANCE = 1e-3


def main() -> None:
    """Run the command line; exit with 1 if something else comes out, 2 if the run cannot be trained again."""
    parser = argparse.ArgumentParser(prog="python -m nnlab.reproduce", description=__doc__.partition(": ")[2])
    parser.add_argument("run", help="its id in the store: MLflow shows it, and python -m nnlab.results --csv")
    parser.add_argument(
        "--tolerance",
        type=_share,
        help=f"relative difference that is allowed (default: none, or {_TOLERANCE:g} where versions differ)",
    )
    arguments = parser.parse_args()
    with one_line_errors("interrupted; nothing was recorded"):
        holds = _reproduce(arguments.run, arguments.tolerance, new_console())
    if not holds:
        sys.exit(_DOES_NOT_HOLD)


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share, at least 0 and below 1")
    return value


def _reproduce(run_id: str, tolerance: float | None, console: Console) -> bool:
    from nnlab import tracking  # noqa: PLC0415
    from nnlab.console import waiting  # noqa: PLC0415
    from nnlab.console.tables import difference_table, origin_table  # noqa: PLC0415
    from nnlab.jobs.job import check_job  # noqa: PLC0415
    from nnlab.jobs.reproduction import origin_differences, recorded_config, reproduce  # noqa: PLC0415

    with waiting(console, "reading the run ..."):
        record = tracking.read_run(tracking.store_uri(), run_id)
    if record.status != "FINISHED":
        raise TrackingError(f"run {run_id} is {record.status.lower()}: only a finished run can be compared")
    config, dataset = check_job(recorded_config(record))
    console.print(f"run {run_id}: {record.name}", markup=False)
    changed = list(origin_differences(record, dataset))
    console.print(origin_table(changed) if changed else "same code, data, versions and processor as then")
    allowed = tolerance if tolerance is not None else _TOLERANCE if changed else 0.0
    found = reproduce(record, config, console)
    if found.differences:
        console.print(difference_table(found.differences))
    same = found.compared - len(found.differences)
    console.print(f"{same} of {found.compared} numbers are the same bits")
    holds = found.holds(allowed)
    if found.differences:
        far = f"the largest relative difference is {found.largest:.2g}, allowed {allowed:g}"
        console.print(f"{'reproduced' if holds else 'NOT reproduced'}: {far}")
    else:
        console.print("reproduced" if holds else "NOT reproduced: there is nothing to compare")
    return holds


if __name__ == "__main__":
    main()
