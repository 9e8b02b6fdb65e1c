"""Creating and opening the store."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from mlflow import MlflowClient
from sqlalchemy import NullPool, create_engine, text

from nnlab.tracking import store
from nnlab.tracking.store import close_store, ensure_experiment, open_store

ONE_RUN = """
import sys, pandas as pd
from nnlab.tracking import DatasetFacts, Recorder, RunFacts, check_store
uri, number = sys.argv[1], int(sys.argv[2])
data = DatasetFacts("digits", "bundled", "00", "classification", (10, 2), (10, 3), "uint8", "float32")
check_store(uri)
with Recorder(uri, "race", RunFacts(f"run {number}", {"number": number}, {}, "", data)) as recorder:
    for epoch in range(300):
        recorder.log_epoch(0, epoch, {"loss": epoch + number})
"""


def new_store(kind: str, folder: Path) -> str:
    """Return the URI of a store that is not there yet: a file, or an empty database of a real PostgreSQL server."""
    if kind == "sqlite":
        return f"sqlite:///{folder}/mlflow.db"
    server = os.environ.get("NNLAB_TEST_POSTGRES")
    if server is None:
        pytest.skip("NNLAB_TEST_POSTGRES does not say where a PostgreSQL server runs")
    name = f"new_{uuid.uuid4().hex}"
    with create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_sixteen_processes_that_create_one_store_lose_nothing(kind: str, tmp_path: Path) -> None:
    uri = new_store(kind, tmp_path)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_RUN, uri, str(number)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=tmp_path,
            text=True,
        )
        for number in range(16)
    ]
    outputs = [process.communicate()[0] for process in processes]
    assert outputs == [""] * 16  # a word on the terminal would be one too many
    files = ["mlflow.db"] if kind == "sqlite" else []
    assert sorted(path.name for path in tmp_path.iterdir()) == [*files, "mlruns", "spool"]
    client = MlflowClient(uri)
    runs = client.search_runs([client.get_experiment_by_name("race").experiment_id])
    assert sorted(run.info.run_name for run in runs) == sorted(f"run {number}" for number in range(16))
    for run in runs:
        history = client.get_metric_history(run.info.run_id, "seed_0/loss")
        number = int(run.data.params["number"])
        assert [point.value for point in history] == [epoch + number for epoch in range(300)]
        assert run.info.status == "FINISHED"


def test_a_new_store_keeps_a_write_ahead_log(template: Path) -> None:
    with closing(sqlite3.connect(template)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_store_that_was_made_without_one_gets_it(uri: str, tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    open_store(uri)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_store_that_was_closed_is_one_file_and_opens_again(uri: str, tmp_path: Path) -> None:
    log, client = tmp_path / "mlflow.db-wal", open_store(uri)
    ensure_experiment(client, uri, "before")
    assert log.exists()
    close_store(uri)
    assert not log.exists()
    assert client.get_experiment_by_name("before") is not None


def test_closing_makes_no_store(tmp_path: Path) -> None:
    close_store(f"sqlite:///{tmp_path}/mlflow.db")
    close_store("http://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_creation_leaves_no_half_of_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    path = tmp_path / "mlflow.db"
    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(Path, "replace", killed)
        open_store(f"sqlite:///{path}")
    assert not path.exists()
    open_store(f"sqlite:///{path}").get_experiment("0")


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").touch()
    open_store(f"sqlite:///{tmp_path}/mlflow.db").get_experiment("0")


def test_a_store_deleted_and_created_anew_is_the_one_written_to(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    uri = f"sqlite:///{path}"
    ensure_experiment(open_store(uri), uri, "first")
    path.unlink()
    ensure_experiment(open_store(uri), uri, "second")
    with closing(sqlite3.connect(path)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM experiments")}
    assert names == {"Default", "second"}


def test_artifacts_lie_beside_the_database_wherever_the_process_is(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my #1 folder"
    folder.mkdir()
    (folder / "mlflow.db").write_bytes(template.read_bytes())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    uri = f"sqlite:///{folder}/mlflow.db"
    client = open_store(uri)
    identity = ensure_experiment(client, uri, "deep / shallow")
    run = client.create_run(identity)
    client.log_text(run.info.run_id, "text", "text.txt")
    assert (folder / f"mlruns/deep-shallow/{run.info.run_id}/artifacts/text.txt").read_text() == "text"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "../..", "/"])
def test_no_name_of_an_experiment_leads_out_of_the_folder(uri: str, tmp_path: Path, name: str) -> None:
    client = open_store(uri)
    location = client.get_experiment(ensure_experiment(client, uri, name)).artifact_location
    assert location == (tmp_path / "mlruns/experiment").as_uri()


def test_threads_that_create_one_experiment_get_the_same(uri: str) -> None:
    client = open_store(uri)
    barrier, identities = threading.Barrier(4), []

    def ensure() -> None:
        barrier.wait()
        identities.append(ensure_experiment(client, uri, "together"))

    threads = [threading.Thread(target=ensure) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(identities) == 4
    assert len(set(identities)) == 1


def test_another_process_may_create_the_experiment_first(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = open_store(uri)
    first = ensure_experiment(client, uri, "raced")
    answers = [None, client.get_experiment_by_name("raced")]
    monkeypatch.setattr(client, "get_experiment_by_name", lambda _: answers.pop(0))
    assert ensure_experiment(client, uri, "raced") == first


def test_a_deleted_experiment_is_restored(uri: str) -> None:
    client = open_store(uri)
    identity = ensure_experiment(client, uri, "digits")
    client.delete_experiment(identity)
    assert ensure_experiment(client, uri, "digits") == identity
    assert client.get_experiment(identity).lifecycle_stage == "active"


def test_creation_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filelock = pytest.importorskip("filelock")
    monkeypatch.setattr(store, "_CREATION_TIMEOUT_SECONDS", 0.1)
    with filelock.FileLock(tmp_path / ".mlflow.db.lock"), pytest.raises(filelock.Timeout):
        open_store(f"sqlite:///{tmp_path}/mlflow.db")
