"""Keeps MLflow to itself: no telemetry, no lines on the user's terminal."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # MLflow's own 7 take four minutes; what is recorded is tried again anyway.
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "GIT_PYTHON_REFRESH": "quiet",
}
_LIBRARIES = r"(mlflow|sqlalchemy|alembic)\b"
_LOGGERS = ("mlflow", "alembic")


def prepare_process() -> None:
    """Set what MLflow reads from the environment, where the user has not set it, and ignore its deprecations.

    The filter stays: warnings.catch_warnings is not safe while other threads run, and under `python -W error`
    a deprecation inside MLflow would lose the run.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=_LIBRARIES)


@contextmanager
def silence() -> Iterator[None]:
    """Drop what MLflow logs in this thread; a user's own use of MLflow in other threads stays as it was."""
    thread = threading.get_ident()

    def others(record: logging.LogRecord) -> bool:
        return record.thread != thread

    handlers = [handler for name in _LOGGERS for handler in logging.getLogger(name).handlers]
    for handler in handlers:
        handler.addFilter(others)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(others)
