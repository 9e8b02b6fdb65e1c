"""What is asked of a store; where that takes MLflow, the courier does it, which imports it anyway."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nnlab.tracking.courier import courier
from nnlab.tracking.failure import tracking_error
from nnlab.tracking.recorded_runs import RecordedRun, recorded_runs
from nnlab.tracking.spool import has_owner, spool_folder, spools, store_of
from nnlab.tracking.store_uri import is_server


def find_recorded(uri: str, experiment: str, identities: Sequence[str]) -> dict[str, RecordedRun]:
    """Return, by its identity, the run of each that finished or else failed; others are left out.

    Before the store is asked, it is given what processes that live no more have left in their spools.

    Raises:
        TrackingError: the store cannot be read.
    """
    has_leftovers = any(store_of(spool) == uri and not has_owner(spool) for spool in spools(spool_folder()))
    if has_leftovers or is_server(uri):
        rows = courier().ask("recorded_runs", uri=uri, experiment=experiment, identities=list(identities))
        runs = [RecordedRun(*row) for row in rows]
    else:
        try:
            runs = recorded_runs(uri, experiment, identities)
        except Exception as error:
            raise tracking_error(uri, error, "reading") from error
    return {run.identity: run for run in runs}


def fetch_run_files(uri: str, run_id: str, names: Sequence[str], folder: Path) -> None:
    """Copy artifacts of a run into a folder.

    Raises:
        TrackingError: the store cannot be read, or the run has no such artifact.
    """
    courier().ask("fetch_files", uri=uri, run_id=run_id, names=list(names), destination=str(folder))
