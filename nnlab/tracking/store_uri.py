"""Where runs are recorded: the URI of the tracking store, and what can be read off it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_MEMORY = ("", ":memory:")


def store_uri() -> str:
    """Return MLFLOW_TRACKING_URI if the user set it, else that of mlflow.db in the current folder.

    That is the database a plain `mlflow ui` opens in this folder; the URI is absolute, so that a later
    change of folder moves nothing.
    """
    return os.environ.get("MLFLOW_TRACKING_URI") or default_uri()


def default_uri() -> str:
    """Return the URI of mlflow.db in the current folder."""
    return f"sqlite:///{Path.cwd() / 'mlflow.db'}"


def sqlite_path(uri: str) -> Path | None:
    """Return the absolute path of an SQLite store's file, or None for any other store.

    A relative path counts from the current folder; so does the empty one of a store in memory.
    """
    if not re.match(r"sqlite(\+\w+)?://", uri):
        return None
    return Path.cwd() / _relative(uri)


def is_in_memory(uri: str) -> bool:
    """Tell whether an SQLite store would vanish with the process."""
    return _relative(uri) in _MEMORY


def is_server(uri: str) -> bool:
    """Tell whether the store is a tracking server."""
    return uri.startswith(("http://", "https://"))


def is_database(uri: str) -> bool:
    """Tell whether the store is a database server of a kind that MLflow knows."""
    return re.match(r"(postgresql|mysql|mssql)(\+\w+)?://", uri) is not None


def shown(uri: str) -> str:
    """Return the URI fit for a message: without a password."""
    return re.sub(r"(://[^/:@]*):[^/]*@", r"\1:***@", uri)


def _relative(uri: str) -> str:
    return uri.partition("://")[2].removeprefix("/")
