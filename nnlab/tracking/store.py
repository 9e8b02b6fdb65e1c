"""Opens the tracking store: creates an SQLite one first where there is none, and the experiment in it."""

from __future__ import annotations

import importlib
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.tracking.store_checks import artifact_folder
from nnlab.tracking.store_uri import is_database, is_server, sqlite_path

if TYPE_CHECKING:
    from mlflow import MlflowClient

_CREATION_TIMEOUT_SECONDS = 120
_LOCKS = {"postgresql": "SELECT pg_advisory_lock(725126)"}  # any number that others do not use
_ARTIFACTS = "./mlruns"  # MLflow's own default


def import_mlflow(uri: str) -> None:
    """Import what open_store and all that follows it need: half a second and more for a database."""
    importlib.import_module("mlflow.entities")
    if not is_server(uri):
        importlib.import_module("mlflow.store.tracking.sqlalchemy_store")


def open_store(uri: str) -> MlflowClient:
    """Return a client of the store at `uri`; an SQLite store is created if there is none."""
    from mlflow import MlflowClient  # noqa: PLC0415

    path = sqlite_path(uri)
    if path is not None:
        if not _is_there(path):
            _create_once(uri, path)
        _set_write_ahead_log(path)
    elif is_database(uri):
        _create_on_server(uri)
    return MlflowClient(tracking_uri=uri)


def close_store(uri: str) -> None:
    """Close what this process keeps open of an SQLite store; whoever closes last merges the log into the file.

    All stores of one URI share their connections; those in use elsewhere in the process stay open. A command may end
    without collecting garbage, which would close them too.
    """
    from mlflow.exceptions import MlflowException  # noqa: PLC0415
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    path = sqlite_path(uri)
    if path is None or not _is_there(path):
        return
    with suppress(MlflowException, SQLAlchemyError):  # what was recorded is safe in the log too
        SqlAlchemyStore(uri, artifact_folder(path).as_uri()).engine.dispose()


def ensure_experiment(client: MlflowClient, uri: str, name: str) -> str:
    """Return the id of the experiment of that name, which is created if there is none.

    A deleted experiment is restored: its name cannot be used anew, and a run whose training has begun must
    not be lost for that. `mlflow gc` is the way to be rid of it for good.
    """
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        return _create_experiment(client, uri, name)
    if experiment.lifecycle_stage == "deleted":
        client.restore_experiment(experiment.experiment_id)
    return str(experiment.experiment_id)


def _create_experiment(client: MlflowClient, uri: str, name: str) -> str:
    from mlflow.exceptions import MlflowException  # noqa: PLC0415

    try:
        return str(client.create_experiment(name, _artifact_location(uri, name)))
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
        return ensure_experiment(client, uri, name)  # another process was first


def _artifact_location(uri: str, experiment: str) -> str | None:
    """Return an absolute URI, so that the UI finds artifacts from any folder; a server has its own place."""
    path = sqlite_path(uri)
    if path is None:
        return None
    folder = re.sub(r"[^\w.-]+", "-", experiment).strip(".-") or "experiment"
    return (artifact_folder(path) / folder).as_uri()


def _is_there(path: Path) -> bool:
    """Tell whether there is a store; one appears all at once, so a file that holds something is whole."""
    return path.exists() and path.stat().st_size > 0


def _create_once(uri: str, path: Path) -> None:
    """Let one of several processes create the store, while the others wait."""
    from filelock import FileLock  # noqa: PLC0415

    lock = path.with_name(f".{path.name}.lock")
    with FileLock(lock, timeout=_CREATION_TIMEOUT_SECONDS):
        if not _is_there(path):
            _create(uri, path)
        # Safe while others wait for it: whoever gets the lock, on the old file or a new one, looks first.
        with suppress(OSError):
            lock.unlink()


def _create(uri: str, path: Path) -> None:
    """Create the store under another name, then move it into place: a kill leaves no half of a store."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: PLC0415

    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    artifacts = artifact_folder(path).as_uri()
    SqlAlchemyStore(f"sqlite:///{new}", artifacts).engine.dispose()
    _drop_orphans(path)
    new.replace(path)
    # A pool of this process may still hold an older file of that name, which the user has deleted.
    SqlAlchemyStore(uri, artifacts).engine.dispose()


def _create_on_server(uri: str) -> None:
    """Let one of several processes create the tables of a database that has none, while the others wait."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: PLC0415
    from sqlalchemy import create_engine, pool, text  # noqa: PLC0415

    with create_engine(uri, poolclass=pool.NullPool).connect() as connection:
        if connection.dialect.name in _LOCKS:  # until the connection is closed
            connection.execute(text(_LOCKS[connection.dialect.name]))
        SqlAlchemyStore(uri, _ARTIFACTS)


def _drop_orphans(path: Path) -> None:
    """Remove the log of a database that was deleted while open, or SQLite would play it into the new one."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _set_write_ahead_log(path: Path) -> None:
    """Make writing 2 to 4 times faster; the file keeps the mode. Busy files and some drives cannot change."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=1)) as database:
        database.execute("PRAGMA journal_mode=WAL")
