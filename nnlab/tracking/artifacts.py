"""Fetches the artifacts of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nnlab.errors import TrackingError
from nnlab.tracking.failure import tracking_error
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.store import close_store, open_store
from nnlab.tracking.store_checks import check_readable
from nnlab.tracking.store_uri import shown


def fetch_artifacts(uri: str, run_id: str, folder: str, destination: Path) -> Path:
    """Copy a folder of a run's artifacts below `destination`; return where it is now.

    Raises:
        TrackingError: the store cannot be read, or has no such run or folder.
    """
    prepare_process()
    check_readable(uri)
    import mlflow  # noqa: PLC0415

    try:
        with silence():
            client = mlflow.MlflowClient(tracking_uri=uri)
            is_there = bool(client.list_artifacts(run_id, folder))
            fetched = client.download_artifacts(run_id, folder, str(destination)) if is_there else ""
            close_store(uri)
    except Exception as error:
        raise tracking_error(uri, error, f"reading run {run_id} from") from error
    if not is_there:
        raise TrackingError(f"run {run_id} in {shown(uri)} has no {folder}: train it with checkpoint.every=...")
    return Path(fetched)


def fetch_files(uri: str, run_id: str, names: Sequence[str], destination: str) -> None:
    """Copy some artifacts of a run, which MLflow has been imported for, into a folder.

    Raises:
        Exception: the store cannot be read, or the run has no such artifact.
    """
    client = open_store(uri)
    for name in names:
        client.download_artifacts(run_id, name, destination)
