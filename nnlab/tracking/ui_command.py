"""The one line that opens the recorded runs in a browser."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from nnlab.tracking.store_uri import default_uri, is_server, store_uri


def ui_command() -> str:
    """Return the command, or the address of a server, that shows the runs of the current store."""
    uri = store_uri()
    if is_server(uri):
        return uri
    store = [] if uri == default_uri() else ["--backend-store-uri", uri]
    return shlex.join([_mlflow(), "ui", *store])


def _mlflow() -> str:
    """Return how to call MLflow: by name where the shell finds it, else by its path beside this Python."""
    beside = Path(sys.executable).with_name("mlflow")
    found = shutil.which("mlflow")
    if not beside.exists() or (found and Path(found).resolve() == beside.resolve()):
        return "mlflow"
    cwd = Path.cwd()
    return str(beside.relative_to(cwd) if beside.is_relative_to(cwd) else beside)
