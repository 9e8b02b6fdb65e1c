"""Quick checks, before anything runs, that the tracking store can be written; none imports MLflow."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from nnlab.errors import TrackingError
from nnlab.tracking.database_check import check_database
from nnlab.tracking.store_uri import is_database, is_in_memory, is_server, shown, sqlite_path

_TIMEOUT_SECONDS = 3.0
_SQLITE_HEADER = b"SQLite format 3\0"
_ASKS_FOR_LOGIN = (401, 403)
# MLflow takes % for an encoded character, and SQLAlchemy what follows ? for options.
_SIGNS_NOT_IN_PATHS = "%?"


def check_store(uri: str) -> None:
    """Make sure that runs can be recorded at `uri`, leaving nothing behind.

    An SQLite store needs a folder and a file that can be written; a server must answer within seconds, and
    a database let the user in. There are no other stores.

    Raises:
        TrackingError: the store cannot be used; the message says why.
    """
    if is_server(uri):
        _check_server(uri)
    elif (path := sqlite_path(uri)) is not None:
        if is_in_memory(uri):
            raise TrackingError(f"tracking store {uri} would be lost at exit: name a file, or a server")
        _check_file(path)
    elif is_database(uri):
        check_database(uri, _TIMEOUT_SECONDS)
    else:
        raise _unsupported(uri)


def check_readable(uri: str) -> None:
    """Make sure that there is a store at `uri`, in which runs may be; to read makes none.

    Raises:
        TrackingError: there is none, or it cannot be used; the message says why.
    """
    check_store(uri)
    path = sqlite_path(uri)
    if path is not None and not path.exists():
        raise TrackingError(f"there are no recorded runs: {path} does not exist")


def artifact_folder(database: Path) -> Path:
    """Return the folder of the artifacts that belong to an SQLite store: mlruns beside it."""
    return database.parent / "mlruns"


def _unsupported(uri: str) -> TrackingError:
    scheme, colon, _ = uri.partition(":")
    is_file = scheme == "file" or not (colon or scheme.startswith("databricks"))
    why = "MLflow no longer keeps runs in plain folders" if is_file else "not supported"
    allowed = (
        "sqlite:///path/mlflow.db, the address of an MLflow server, or a database postgresql://, mysql:// or mssql://"
    )
    return TrackingError(f"tracking store {shown(uri)}: {why}; set MLFLOW_TRACKING_URI to {allowed}")


def _check_file(path: Path) -> None:
    for sign in _SIGNS_NOT_IN_PATHS:
        if sign in str(path):
            raise TrackingError(f"tracking store {path}: MLflow cannot open a path that contains {sign}")
    _check_folder(path.parent)
    if artifact_folder(path).exists():
        _check_folder(artifact_folder(path))
    if path.exists():
        _check_database(path)


def _check_folder(folder: Path) -> None:
    """Really write there: permission bits tell neither of read-only mounts nor of quotas."""
    if not folder.is_dir():
        raise TrackingError(f"tracking store: {folder} is not a folder that exists; create it first")
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"nnlab")
    except OSError as error:
        raise TrackingError(f"tracking store: folder {folder} cannot be written: {error.strerror}") from error


def _check_database(path: Path) -> None:
    try:
        with path.open("r+b") as file:
            header = file.read(len(_SQLITE_HEADER))
    except OSError as error:
        raise TrackingError(f"tracking store {path} cannot be written: {error.strerror}") from error
    if header not in (b"", _SQLITE_HEADER):
        raise TrackingError(f"tracking store {path} is not an SQLite database; move it away, or name another")
    _check_content(path)


def _check_content(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path, timeout=_TIMEOUT_SECONDS)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):  # a long write by another process does no harm
            raise TrackingError(f"tracking store {path} cannot be read: {error}") from error


def _check_server(uri: str) -> None:
    import requests  # noqa: PLC0415

    where = f"tracking server {shown(uri)}"
    try:
        answer = requests.get(f"{uri.rstrip('/')}/health", timeout=_TIMEOUT_SECONDS, verify=_certificates())
    except requests.RequestException as error:
        hint = "start it, or unset MLFLOW_TRACKING_URI to record in this folder"
        raise TrackingError(f"{where} cannot be reached ({_cause(error)}); {hint}") from error
    if not answer.ok and answer.status_code not in _ASKS_FOR_LOGIN:
        answered = f"{answer.status_code} {answer.reason}"
        raise TrackingError(f"{where} is no healthy MLflow server: it answers {answered}")


def _certificates() -> bool | str:
    """Trust what MLflow will trust."""
    if os.environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in ("true", "1"):
        return False
    return os.environ.get("MLFLOW_TRACKING_SERVER_CERT_PATH") or True


def _cause(error: Exception) -> str:
    """Name the innermost reason that requests wrapped: the outer ones repeat the whole URL."""
    reason = getattr(error.args[0], "reason", error) if error.args else error
    return str(reason).rpartition(": ")[2] or type(error).__name__
