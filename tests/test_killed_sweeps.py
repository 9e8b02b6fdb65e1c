"""A sweep that is killed again and again, and given again each time, ends with the bits of one that never was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from command import user_environment
from mlflow import MlflowClient
from recording import all_runs

SWEEP = ("-m", "activation=relu,tanh,sigmoid", "learning_rate=0.001,0.003", "seeds=4", "epochs=60", "width=64")
LONGEST = 5.0  # seconds until a kill: start-up takes one and a half, a run as long
CALLS_OF_A_SWEEP = 200  # after so many it would never end


def started(folder: Path) -> subprocess.Popen[bytes]:
    """Give the command of the sweep; its errors go to a file."""
    command = [sys.executable, "-m", "nnlab.run", *SWEEP]
    with (folder / "errors.txt").open("wb") as errors:
        return subprocess.Popen(command, cwd=folder, env=user_environment(), stdout=subprocess.DEVNULL, stderr=errors)


def check_end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the end of a sweep, in which nothing must have failed."""
    assert process.wait(300) == 0, (folder / "errors.txt").read_text()


def kill(process: subprocess.Popen[bytes], *, with_courier: bool) -> None:
    """Kill a process as a power cut would: together with the process that delivers what it records."""
    courier = courier_of(process.pid) if with_courier else None
    process.kill()
    if courier is not None:
        os.kill(courier, signal.SIGKILL)
    process.wait()


def courier_of(parent: int) -> int | None:
    """Return the process that delivers what another one records, if it has begun to live."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command, status = (path / "cmdline").read_bytes(), (path / "stat").read_text()
        except OSError:
            continue
        if b"courier_process" in command and int(status.rpartition(")")[2].split()[1]) == parent:
            return int(path.name)
    return None


def runs_by_identity(folder: Path) -> dict[str, dict[str, list[tuple[int, float]]]]:
    """Return all points of all finished runs, but for times; each identity must have one finished run."""
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    client, found = MlflowClient(uri), {}
    for run in all_runs(uri):
        assert run.info.status != "RUNNING"
        if run.info.status == "FINISHED":
            assert run.data.tags["nnlab.identity"] not in found
            found[run.data.tags["nnlab.identity"]] = {
                key: sorted((point.step, point.value) for point in client.get_metric_history(run.info.run_id, key))
                for key in run.data.metrics
                if "seconds" not in key
            }
    return found


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[tuple[int, float]]]]:
    folder = tmp_path_factory.mktemp("uninterrupted")
    check_end(started(folder), folder)
    return runs_by_identity(folder)


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_a_killed_sweep_goes_on_with_the_same_bits(uninterrupted, kills: int, tmp_path: Path) -> None:
    chance, killed, sweeps = random.Random(kills), 0, 0
    outcomes: Counter[str] = Counter()
    while killed < kills:
        folder = tmp_path / str(sweeps)
        folder.mkdir()
        for _ in range(CALLS_OF_A_SWEEP):
            process = started(folder)
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, LONGEST) if killed < kills else None)
            if process.poll() is not None:
                break
            kill(process, with_courier=chance.random() < 0.5)
            killed += 1
        check_end(process, folder)
        sweeps += 1
        assert runs_by_identity(folder) == uninterrupted
        outcomes.update(run.info.status for run in all_runs(f"sqlite:///{folder / 'mlflow.db'}"))
        assert not list((folder / ".nnlab" / "spool").glob("[!.]*"))
        assert not list((folder / ".nnlab" / "spool" / ".seeds").glob("*"))
    assert outcomes["FINISHED"] == 6 * sweeps
