"""Where runs are recorded: the URI of the tracking store, and what can be read off it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

_MEMORY = ("", ":memory:")


def store_uri() -> str:
    """Return MLFLOW_TRACKING_URI if the user set it, else that of mlflow.db in the current folder.

    That is the database a plain `mlflow ui` opens in this folder; the URI is absolute, so that a later
    change of folder moves nothing.
    """
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{Path.cwd() / 'mlflow.db'}"


def sqlite_path(uri: str) -> Path | None:
    """Return the absolute path of an SQLite store's file, or None for any other store.

    A relative path counts from the current folder; so does the empty one of a store in memory.
    """
    if not re.match(r"sqlite(\+\w+)?://", uri):
        return None
    return Path.cwd() / uri.partition("://")[2].removeprefix("/").partition("?")[0]


def is_in_memory(uri: str) -> bool:
    """Tell whether an SQLite store would vanish with the process."""
    return uri.partition("://")[2].removeprefix("/").partition("?")[0] in _MEMORY


def is_server(uri: str) -> bool:
    """Tell whether the store is a tracking server."""
    return uri.startswith(("http://", "https://"))


def shown(uri: str) -> str:
    """Return the URI fit for a message: without a password."""
    password = urlsplit(uri).password
    return uri.replace(f":{password}@", ":***@") if password else uri
