"""The checks before anything runs: each kind of store that cannot be used gives one clear line."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from nnlab.errors import TrackingError
from nnlab.tracking import check_store, store_uri


def refused(uri: str) -> str:
    with pytest.raises(TrackingError) as caught:
        check_store(uri)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_users_uri_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert store_uri() == "http://127.0.0.1:5000"


def test_the_default_is_the_database_that_mlflow_ui_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    assert store_uri() == f"sqlite:///{tmp_path}/mlflow.db"


def test_a_new_store_passes_and_nothing_is_left_behind(tmp_path: Path) -> None:
    check_store(f"sqlite:///{tmp_path}/mlflow.db")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_store_passes_and_nothing_is_left_behind(uri: str, tmp_path: Path) -> None:
    before = (tmp_path / "mlflow.db").read_bytes()
    check_store(uri)
    assert [path.name for path in tmp_path.iterdir()] == ["mlflow.db"]
    assert (tmp_path / "mlflow.db").read_bytes() == before


def test_a_store_that_is_being_written_passes(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnlab.tracking.store_checks._TIMEOUT_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "mlflow.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")  # in this mode a writer shuts out readers
        other.execute("BEGIN EXCLUSIVE")
        check_store(uri)


def test_a_relative_path_counts_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check_store("sqlite:///here.db")
    assert str(tmp_path / "missing") in refused("sqlite:///missing/here.db")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert f"{tmp_path}/missing is not a folder" in refused(f"sqlite:///{tmp_path}/missing/mlflow.db")


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not a folder" in refused(f"sqlite:///{tmp_path}/file/mlflow.db")


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_text("my notes, which are quite long")
    assert "is not an SQLite database" in refused(f"sqlite:///{path}")
    assert path.read_text() == "my notes, which are quite long"


def test_a_damaged_database_is_refused(uri: str, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    path.write_bytes(path.read_bytes()[:16] + b"\xff" * 5000)
    assert "cannot be read" in refused(uri)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").mkdir()
    assert "cannot be written" in refused(f"sqlite:///{tmp_path}/mlflow.db")


def test_a_read_only_folder_is_refused() -> None:
    """Root may write anywhere but in /proc, where nobody may, whatever the bits say."""
    if sys.platform != "linux":
        pytest.skip("needs /proc, a folder in which nobody can create files")
    assert "folder /proc cannot be written" in refused("sqlite:////proc/mlflow.db")


def test_a_store_in_memory_is_refused() -> None:
    assert "lost at exit" in refused("sqlite://")
    assert "lost at exit" in refused("sqlite:///:memory:")


def test_signs_that_would_lead_to_another_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "contains %" in refused(f"sqlite:///{tmp_path}/a%20b.db")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    folder = tmp_path / "why?"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert f"{folder}/mlflow.db: MLflow cannot open a path that contains ?" in refused(store_uri())


@pytest.mark.parametrize("uri", ["file:///somewhere/mlruns", "file:mlruns", "mlruns", "/somewhere/mlruns", "./mlruns"])
def test_folders_are_refused(uri: str) -> None:
    message = refused(uri)
    assert f"{uri}: MLflow no longer keeps runs in plain folders" in message
    assert "sqlite:///path/mlflow.db, the address of an MLflow server" in message


@pytest.mark.parametrize(
    "uri",
    [
        "databricks",
        "databricks://profile",
        "databricks-uc",
        "uc:http://host",
        "nonsense://host",
        "postgres://[",
        "sqlite:x.db",
    ],
)
def test_stores_that_nnlab_does_not_know_are_refused(uri: str) -> None:
    assert f"{uri}: not supported; set MLFLOW_TRACKING_URI to sqlite:///" in refused(uri)


@pytest.mark.parametrize(
    ("uri", "module", "package"),
    [
        ("postgresql+psycopg://me:secret@127.0.0.1:1/runs", "psycopg", "psycopg[binary]"),
        ("postgresql+psycopg2://me:secret@127.0.0.1:1/runs", "psycopg2", "psycopg2-binary"),
        ("mysql://me:secret@127.0.0.1:1/runs", "MySQLdb", "mysqlclient"),
        ("mssql+pymssql://me:secret@127.0.0.1:1/runs", "pymssql", "pymssql"),
    ],
)
def test_a_database_without_its_driver_is_refused(
    monkeypatch: pytest.MonkeyPatch, uri: str, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    message = refused(uri)
    assert message.endswith(f"needs a driver that is not installed: pip install '{package}'")
    assert "secret" not in message


@pytest.mark.parametrize("uri", ["mysql+nonsense://127.0.0.1/runs", "mysql+pymysql://127.0.0.1:port/runs"])
def test_a_database_that_sqlalchemy_cannot_open_is_refused(uri: str) -> None:
    assert f"{uri} cannot be opened: " in refused(uri)


class Driver(ModuleType):
    """A driver that connects, and then finds that no database talks to it."""

    __version__ = "1.2.4"
    Error = type("Error", (Exception,), {})
    OperationalError = type("OperationalError", (Error,), {})
    InterfaceError = InternalError = ProgrammingError = type("OtherError", (Error,), {})
    paramstyle = "pyformat"

    def connect(self, *, host: str, port: int, connect_timeout: int, read_timeout: int, **_: object) -> None:
        assert connect_timeout == read_timeout == 3
        try:
            socket.create_connection((host, port), connect_timeout).close()
        except OSError as error:
            raise self.OperationalError(f"{error}\nand a long story") from error
        raise self.OperationalError("no greeting")


def test_an_unreachable_database_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", Driver("pymysql"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        uri = f"mysql+pymysql://me:secret@127.0.0.1:{other.getsockname()[1]}/runs"
        message = refused(uri)
        assert message.startswith(f"tracking store {uri.replace('secret', '***')} cannot be opened: ")
        assert message.endswith("onnection refused")
        other.listen()
        assert refused(uri).endswith("cannot be opened: no greeting")


def test_an_unreachable_server_is_refused_without_its_password() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        message = refused(f"http://me:secret@127.0.0.1:{closed.getsockname()[1]}")
    assert "cannot be reached (" in message
    assert "onnection refused" in message
    assert "secret" not in message


def test_a_server_that_does_not_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnlab.tracking.store_checks._TIMEOUT_SECONDS", 0.2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        assert "timed out" in refused(f"http://127.0.0.1:{deaf.getsockname()[1]}").lower()


class Other(BaseHTTPRequestHandler):
    """A server that has no /health; it asks for a login under /locked."""

    def do_GET(self) -> None:
        self.send_response(401 if self.path.startswith("/locked") else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_another_server_is_refused_but_one_that_asks_for_a_login_passes() -> None:
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert "it answers 404 Not Found" in refused(url)
        check_store(f"{url}/locked")
        server.shutdown()


def test_neither_the_package_nor_the_checks_import_mlflow(tmp_path: Path) -> None:
    code = (
        "import sys; from nnlab.tracking import Recorder, check_store\n"
        f"check_store('sqlite:///{tmp_path}/mlflow.db')\n"
        "print([name for name in ('mlflow', 'pandas', 'sqlalchemy', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
