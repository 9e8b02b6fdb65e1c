"""The check that a database server lets the user in."""

from __future__ import annotations

from typing import Any

from nnlab.errors import TrackingError
from nnlab.tracking.store_uri import shown

# What drivers call the seconds that they wait for a connection and its login; others wait as long as they like.
_TIMEOUT_NAMES = {
    "psycopg": ("connect_timeout",),
    "psycopg2": ("connect_timeout",),
    "pymysql": ("connect_timeout", "read_timeout"),
    "mysqldb": ("connect_timeout", "read_timeout"),
    "mysqlconnector": ("connection_timeout",),
    "pyodbc": ("timeout",),
    "pymssql": ("login_timeout",),
}
_PACKAGES = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}


def check_database(uri: str, timeout: float) -> None:
    """Connect to the database at `uri` as MLflow will, waiting for `timeout` seconds at most.

    Raises:
        TrackingError: its driver is missing, or there is no connection; the message says why.
    """
    where = f"tracking store {shown(uri)}"
    try:
        _connect(uri, timeout)
    except ModuleNotFoundError as error:
        package = _PACKAGES.get(str(error.name), error.name)
        raise TrackingError(f"{where} needs a driver that is not installed: pip install '{package}'") from error
    except Exception as error:
        raise TrackingError(f"{where} cannot be opened: {_cause(error)}") from error


def _connect(uri: str, timeout: float) -> None:
    from sqlalchemy import create_engine, pool  # noqa: PLC0415
    from sqlalchemy.engine import make_url  # noqa: PLC0415

    names = _TIMEOUT_NAMES.get(make_url(uri).get_dialect().driver, ())
    arguments: dict[str, Any] = dict.fromkeys(names, round(timeout))
    with create_engine(uri, poolclass=pool.NullPool, connect_args=arguments).connect():
        pass


def _cause(error: Exception) -> str:
    """Return the driver's own words, without SQLAlchemy's around them."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
