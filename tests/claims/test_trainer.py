"""One process that trains what a claim asks for, one command after the other."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from claim_files import write_claim
from command import user_environment

from nnlab.claims.sweep import train_arms
from nnlab.claims.trainer import train
from nnlab.errors import NnlabError

SMALL = ["width=8", "epochs=1", "seeds=1", "tracking=none"]
ENDLESS = ["width=8", "epochs=1000000", "seeds=[1]"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    for process in active_children():
        process.kill()


def the_process() -> BaseProcess:
    [process] = active_children()
    return process


def test_commands_share_a_process_and_each_finds_it_as_the_first_one_did(capfd: pytest.CaptureFixture[str]) -> None:
    assert train([*SMALL, "hydra.run.dir=one"]) == 0
    first = the_process()
    assert train(["epochs=many"]) == 2
    assert train([*SMALL, "hydra.run.dir=two"]) == 0
    assert the_process() == first
    assert Path("one/history.csv").read_bytes() == Path("two/history.csv").read_bytes()
    errors = capfd.readouterr().err
    assert "epochs=many is not allowed" in errors
    assert "Traceback" not in errors  # which the first command asks Hydra for


@pytest.mark.parametrize("change", ["folder", "environment"])
def test_where_folder_or_environment_have_changed_another_process_trains(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert train([*SMALL, "hydra.run.dir=one"]) == 0
    first = the_process()
    if change == "folder":
        (tmp_path / "other").mkdir()
        monkeypatch.chdir(tmp_path / "other")
    else:
        monkeypatch.setenv("NNLAB_OTHER", "1")
    assert train([*SMALL, "hydra.run.dir=two"]) == 0
    assert the_process() != first
    assert Path("two/history.csv").exists()


def test_a_process_that_was_killed_meanwhile_is_started_again() -> None:
    assert train([*SMALL, "hydra.run.dir=one"]) == 0
    the_process().kill()
    the_process().join()
    assert train([*SMALL, "hydra.run.dir=two"]) == 0


def test_a_process_that_is_killed_while_it_trains_ends_a_claim_in_one_line() -> None:
    def kill() -> None:
        while not list(Path("sweep").glob("0/*")):
            time.sleep(0.1)
        the_process().kill()

    threading.Thread(target=kill).start()
    with pytest.raises(NnlabError, match="was ended by signal 9: mend that, and give the command again"):
        train_arms({"one": ENDLESS}, Path("sweep"))


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [
        (signal.SIGINT, 130, "interrupted; what had finished is kept"),
        (signal.SIGTERM, -15, "terminated; what had finished is kept"),
        (signal.SIGKILL, -9, "terminated; what had finished is kept"),
    ],
)
def test_however_a_claim_is_ended_no_process_is_left(
    number: signal.Signals, status: int, said: str, tmp_path: Path
) -> None:
    write_claim(tmp_path / "experiments" / "own", base=["dataset=digits", *ENDLESS[:2]])
    command, pipe = [sys.executable, "-u", "-m", "nnlab.claims", "run", "own"], subprocess.PIPE
    with subprocess.Popen(
        command, env=user_environment(), text=True, start_new_session=True, stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("training"):
            assert process.poll() is None
        process.send_signal(number)
        try:
            _, errors = process.communicate(timeout=60)  # until nobody can write to the pipes any more
        finally:
            subprocess.run(["pkill", "-9", "-s", str(process.pid)], check=False)
    assert process.returncode == status
    assert said in errors
    assert "Traceback" not in errors
