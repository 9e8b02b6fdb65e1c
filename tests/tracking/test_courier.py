"""The process that delivers: killed, without a store, left alone by the process that trains."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from mlflow import MlflowClient
from recording import all_runs, only_run, points, recording, wait_for

from nnlab.tracking import DELAYED, Recorder, RunFacts
from nnlab.tracking.courier import courier
from nnlab.tracking.spool import spools

Serve = Callable[..., AbstractContextManager[str]]

# Records a run of a hundred epochs and, when told to, never leaves the block.
RECORD = """
import os, signal, sys, time
from nnlab.tracking import DatasetFacts, Recorder, RunFacts
from nnlab.tracking.courier import courier

data = DatasetFacts("d", "s", "0", "regression", (1, 1), (1, 1), "float64", "float64")
recorder = Recorder(sys.argv[1], "digits", RunFacts("r", {}, {}, "", data), flush_seconds=0.05).__enter__()
for epoch in range(100):
    recorder.log_epoch(0, epoch, {"train_loss": 0.5})
if sys.argv[2] == "kill in the second":
    recorder.__exit__(None, None, None)
    recorder = Recorder(sys.argv[1], "digits", RunFacts("second", {}, {}, "", data)).__enter__()
if sys.argv[2] == "kill both":
    os.kill(courier()._process.pid, signal.SIGKILL)
if sys.argv[2].startswith("kill"):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "end":
    recorder.__exit__(None, None, None)
"""


def run(uri: str, what: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-c", RECORD, uri, what]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def sync(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nnlab.tracking", "sync", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def assert_has_all_epochs(uri: str, status: str) -> None:
    run = only_run(uri)
    assert run.info.status == status
    assert points(uri, run, "seed_0/train_loss") == [(epoch, 0.5) for epoch in range(100)]


def test_a_process_that_trains_does_not_import_mlflow(uri: str) -> None:
    code = RECORD + "assert 'mlflow' not in sys.modules\nassert 'sqlalchemy' not in sys.modules\nprint('good')\n"
    done = subprocess.run([sys.executable, "-c", code, uri, "end"], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("good\n", "")
    assert_has_all_epochs(uri, "FINISHED")


@pytest.mark.skipif(not hasattr(os, "nice"), reason="the system knows no niceness")
def test_where_all_cores_train_it_gives_way(uri: str) -> None:
    code = (
        RECORD
        + """
while os.getpriority(os.PRIO_PROCESS, courier()._process.pid) <= os.getpriority(os.PRIO_PROCESS, 0):
    time.sleep(0.01)
print("good")
"""
    )
    command = [sys.executable, "-c", code, uri, "stay"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("good\n", "")


@pytest.mark.parametrize("what", ["leave", "kill"])
def test_a_run_is_ended_whose_process_has_ended(uri: str, spool_root: Path, what: str) -> None:
    done = run(uri, what, "-W", "error")
    assert (done.stdout, done.stderr) == ("", "")
    wait_for(lambda: not spools(spool_root))
    assert_has_all_epochs(uri, "KILLED")
    assert only_run(uri).data.tags["nnlab.reason"] == "SystemExit: the process ended within the run"


def test_a_run_is_ended_whose_process_was_killed_before_it_heard_of_the_first(uri: str, spool_root: Path) -> None:
    run(uri, "kill in the second")
    wait_for(lambda: not spools(spool_root))
    assert sorted((run.info.run_name, run.info.status) for run in all_runs(uri)) == [
        ("r", "FINISHED"),
        ("second", "KILLED"),
    ]


def test_the_next_run_delivers_what_was_left_by_a_kill_of_both(uri: str, facts: RunFacts, spool_root: Path) -> None:
    run(uri, "kill both")
    assert len(spools(spool_root)) == 1
    courier().close()  # a new one looks for what was left
    with recording(uri, "others", facts):
        pass
    wait_for(lambda: not spools(spool_root))
    assert sorted(run.info.status for run in all_runs(uri)) == ["FINISHED", "KILLED"]


def test_sync_delivers_what_was_left(uri: str, spool_root: Path) -> None:
    run(uri, "kill both")
    done = sync()
    assert (done.stdout.splitlines()[1:], done.stderr, done.returncode) == (["delivered: 1, left: 0"], "", 0)
    assert_has_all_epochs(uri, "KILLED")
    assert sync(str(spool_root)).stdout == "delivered: 0, left: 0\n"


def test_sync_leaves_a_run_alone_that_goes_on(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts):
        wait_for(lambda: all_runs(uri))
        assert sync().returncode == 0
        assert only_run(uri).info.status == "RUNNING"
    assert only_run(uri).info.status == "FINISHED"


def test_a_courier_that_is_killed_is_replaced(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts, flush_seconds=0.05) as recorder:
        for epoch in range(100):
            recorder.log_epoch(0, epoch, {"train_loss": 0.5})
            if epoch == 50:
                wait_for(lambda: all_runs(uri))
                process = courier()._process
                assert process is not None
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
    assert_has_all_epochs(uri, "FINISHED")


def test_a_server_that_is_killed_and_comes_back(
    serve: Serve, facts: RunFacts, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier().close()
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    shutil.copy(template, tmp_path / "mlflow.db")
    command = ("server", "--workers", "1")
    serving = serve(tmp_path, *command)
    url = serving.__enter__()
    with recording(url, "digits", facts, flush_seconds=0.05) as recorder:
        for epoch in range(50):
            recorder.log_epoch(0, epoch, {"train_loss": 0.5})
        wait_for(lambda: [points(url, run, "seed_0/train_loss") for run in all_runs(url)])
        serving.__exit__(None, None, None)
        for epoch in range(50, 100):
            recorder.log_epoch(0, epoch, {"train_loss": 0.5})
        time.sleep(1)  # in which the courier tries in vain
        serving = serve(tmp_path, *command, port=int(url.rpartition(":")[2]))
        serving.__enter__()
    assert_has_all_epochs(url, "FINISHED")
    serving.__exit__(None, None, None)
    courier().close()


def test_a_store_that_cannot_be_reached_is_told_and_the_run_is_kept(
    serve: Serve,
    facts: RunFacts,
    template: Path,
    tmp_path: Path,
    spool_root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    courier().close()
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    shutil.copy(template, tmp_path / "mlflow.db")
    with serve(tmp_path, "server", "--workers", "1") as url:
        port = int(url.rpartition(":")[2])
    monkeypatch.setattr("nnlab.tracking.courier.PATIENCE_SECONDS", 0.0)
    recorder = Recorder(url, "digits", facts)
    with recorder:
        recorder.log_epoch(0, 1, {"train_loss": 0.5})
    report = recorder.delivered()
    assert (report.state, "\n" in report.reason) == (DELAYED, False)
    assert report.reason.startswith(f"recording in {url} failed")
    courier().close()
    for process in courier()._dismissed:
        process.wait()
    assert sync().returncode == 1
    assert len(spools(spool_root)) == 1
    with serve(tmp_path, "server", "--workers", "1", port=port) as url:
        assert sync().stdout.endswith("delivered: 1, left: 0\n")
        assert points(url, only_run(url), "seed_0/train_loss") == [(1, 0.5)]
        assert MlflowClient(url).get_experiment_by_name("digits") is not None
