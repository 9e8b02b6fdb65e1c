"""Failures in words: of a training, and of the tracking store itself."""

from __future__ import annotations

from nnlab.errors import NnlabError, TrackingError
from nnlab.tracking.store_uri import shown

_LONGEST = 300
_TEMPORARY = ("INTERNAL_ERROR", "TEMPORARILY_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED")


def status_of(error: BaseException | None) -> str:
    """Return MLflow's status for how a run ended: Ctrl-C and SIGTERM are no failure of the run."""
    if error is None:
        return "FINISHED"
    return "FAILED" if isinstance(error, Exception) else "KILLED"


def is_temporary(error: Exception) -> bool:
    """Tell whether a store that refused a call may take it later: it was down, busy, or its disk full."""
    from mlflow.exceptions import MlflowException  # noqa: PLC0415
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    if isinstance(error, MlflowException):
        return error.error_code in _TEMPORARY
    return isinstance(error, (OSError, OperationalError))  # those of requests are OSErrors


def reason(error: BaseException) -> str:
    """Return one line that says what went wrong."""
    if isinstance(error, NnlabError):
        return _line(str(error))
    return _line(f"{type(error).__name__}: {error}".removesuffix(": "))


def tracking_error(uri: str, error: Exception, doing: str = "recording in") -> TrackingError:
    """Return what a failed call of MLflow means to the user."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return TrackingError(f"{doing} {shown(uri)} failed: {_line(first)}")


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
