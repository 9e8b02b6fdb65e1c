"""Which runs the store has, asked directly, by way of the courier, and of real servers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient
from recording import only_run, recording

from nnlab.errors import TrackingError
from nnlab.tracking import FAILED, FINISHED, RunFacts, fetch_run_files, find_recorded
from nnlab.tracking.courier import courier

KILLED = """
import os, pickle, signal, sys
from nnlab.tracking import Recorder
from nnlab.tracking.courier import courier

with Recorder(sys.argv[1], "digits", pickle.loads(bytes.fromhex(sys.argv[2]))) as recorder:
    if sys.argv[3] == "within":
        os.kill(courier()._process.pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(courier()._process.pid, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


def record(uri: str, facts: RunFacts, identity: str, *, failing: bool = False) -> None:
    about = replace(facts, tags=facts.tags | {"identity": identity})
    with suppress(ZeroDivisionError), recording(uri, "digits", about) as recorder:
        recorder.log_metrics({"loss": 1.0})
        if failing:
            raise ZeroDivisionError("one of one")


@pytest.fixture
def stores(serve: Callable[..., AbstractContextManager[str]], template: Path, tmp_path: Path) -> Iterator[list[str]]:
    """Return a database in a file, a server in front of another, and PostgreSQL's where there is one."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        shutil.copy(template, tmp_path / name / "mlflow.db")
    postgres = os.environ.get("NNLAB_TEST_POSTGRES")
    with serve(tmp_path / "there", "server", "--workers", "1") as url:
        yield [f"sqlite:///{tmp_path / 'here' / 'mlflow.db'}", url, *([postgres] if postgres else [])]


def test_the_finished_run_counts_then_the_failed_one(stores: list[str], facts: RunFacts) -> None:
    for uri in stores:
        record(uri, facts, "twice", failing=True)
        record(uri, facts, "twice")
        record(uri, facts, "failed", failing=True)
        record(uri, facts, "not asked for")
        found = find_recorded(uri, "digits", ["twice", "failed", "never"])
        assert {identity: run.status for identity, run in found.items()} == {"twice": FINISHED, "failed": FAILED}
        assert found["failed"].reason == "ZeroDivisionError: one of one"
        assert found["twice"].reason is None
        assert find_recorded(uri, "another experiment", ["twice"]) == {}
        client = MlflowClient(uri)
        assert client.get_run(found["twice"].run_id).data.tags["nnlab.identity"] == "twice"
        client.delete_run(found["twice"].run_id)
        assert find_recorded(uri, "digits", ["twice"])["twice"].status == FAILED


def test_a_store_that_is_not_there_has_no_runs(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for name in ("missing.db", "empty.db"):
        assert find_recorded(f"sqlite:///{tmp_path / name}", "digits", ["any"]) == {}
    assert not (tmp_path / "missing.db").exists()


def test_a_file_that_is_no_store_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but a text that is longer than a header")
    with pytest.raises(TrackingError, match=r"reading sqlite:.*text.db failed: file is not a database"):
        find_recorded(f"sqlite:///{tmp_path / 'text.db'}", "digits", ["any"])


@pytest.mark.parametrize(("moment", "found"), [("after", ["lost"]), ("within", [])])
def test_what_a_killed_process_left_is_delivered_before_the_store_is_asked(
    uri: str, facts: RunFacts, moment: str, found: list[str]
) -> None:
    import pickle

    about = pickle.dumps(replace(facts, tags={"identity": "lost"})).hex()
    done = subprocess.run([sys.executable, "-c", KILLED, uri, about, moment], check=False, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert list(find_recorded(uri, "digits", ["lost"])) == found
    assert only_run(uri).info.status == ("FINISHED" if found else "KILLED")


def test_the_courier_is_asked_again_if_it_was_killed(uri: str, facts: RunFacts, tmp_path: Path) -> None:
    record(uri, facts, "one")
    run_id = only_run(uri).info.run_id
    process = courier()._process
    assert process is not None
    process.kill()
    process.wait()
    fetch_run_files(uri, run_id, ["config.yaml"], tmp_path)
    assert (tmp_path / "config.yaml").read_text() == "depth: 4\n"


def test_an_artifact_that_is_not_there_is_an_error_in_one_line(uri: str, facts: RunFacts, tmp_path: Path) -> None:
    record(uri, facts, "one")
    with pytest.raises(TrackingError, match=r"^reading .* failed: .*missing.csv"):
        fetch_run_files(uri, only_run(uri).info.run_id, ["missing.csv"], tmp_path)
