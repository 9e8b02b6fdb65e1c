"""The same sweep given again, with real commands: what is done is not done twice, what failed is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pandas as pd
import pytest
from command import run_in, user_environment
from recording import all_runs, wait_for

SWEEP = ("-m", "activation=relu,tanh", "epochs=2", "seeds=2", "width=16", "workers=1")
TOO_LARGE = "100000000"  # a width whose weights no memory holds
FAILING = ("-m", f"width={TOO_LARGE},8", "epochs=1", "seeds=1", "depth=1")


def jobs_begun(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what the command says of each job that it begins."""
    return [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("job ")]


def statuses(folder: Path) -> list[str]:
    return sorted(run.info.status for run in all_runs(f"sqlite:///{folder / 'mlflow.db'}"))


def test_only_what_is_missing_is_run_and_all_is_compared(tmp_path: Path) -> None:
    first = run_in(tmp_path, *SWEEP)
    assert (first.returncode, len(jobs_begun(first))) == (0, 2), first.stderr

    wider = ("-m", "activation=tanh,sigmoid,relu", *SWEEP[2:])
    second = run_in(tmp_path, *wider)
    assert second.returncode == 0, second.stderr
    assert [line.split()[0] for line in jobs_begun(second)] == ["activation=sigmoid"]
    assert "2 of 3 jobs had been run before" in second.stdout
    rows = [line.split()[1] for line in second.stdout.splitlines() if line.split()[1:2] and "±" in line]
    assert [row for row in rows if row in ("relu", "tanh", "sigmoid")] == ["tanh", "sigmoid", "relu"]
    assert statuses(tmp_path) == ["FINISHED"] * 3
    [relu] = [path for path in tmp_path.glob("multirun/*/*/*/summary.csv") if "relu" in overrides(path.parent)]
    assert relu.parent.joinpath("history.csv").exists()

    third = run_in(tmp_path, *SWEEP, "rerun=true")
    assert len(jobs_begun(third)) == 2
    assert statuses(tmp_path) == ["FINISHED"] * 5


def overrides(folder: Path) -> str:
    """Return what is written of a job that was brought from the store; nothing of one that was run."""
    text = (folder / "job.json").read_text()
    return text if json.loads(text)["earlier"] else ""


def test_a_database_server_is_a_store_like_any_other(tmp_path: Path) -> None:
    server = os.environ.get("NNLAB_TEST_POSTGRES")
    if server is None:
        pytest.skip("NNLAB_TEST_POSTGRES does not say where a PostgreSQL server runs")
    experiment = f"tracking.experiment={tmp_path.name}-{uuid.uuid4().hex}"
    first = run_in(tmp_path, *SWEEP, experiment, MLFLOW_TRACKING_URI=server)
    assert (first.returncode, len(jobs_begun(first))) == (0, 2), first.stderr
    second = run_in(tmp_path, *SWEEP, experiment, MLFLOW_TRACKING_URI=server)
    assert (second.returncode, jobs_begun(second)) == (0, []), second.stderr
    assert "2 of 2 jobs had been run before" in second.stdout


def test_results_that_are_brought_are_those_that_were_trained(tmp_path: Path) -> None:
    assert run_in(tmp_path, *SWEEP).returncode == 0
    assert run_in(tmp_path, *SWEEP).returncode == 0
    trained = {frame_key(path): pd.read_csv(path) for path in tmp_path.glob("multirun/*/*/*/history.csv")}
    assert len(trained) == 4
    (first, second) = sorted({key[0] for key in trained})
    for number in ("0", "1"):
        pd.testing.assert_frame_equal(trained[first, number], trained[second, number])


def frame_key(path: Path) -> tuple[str, str]:
    return path.parent.parent.name, path.parent.name


def test_another_order_or_another_spelling_is_the_same_run(tmp_path: Path) -> None:
    assert run_in(tmp_path, *SWEEP).returncode == 0
    same = ("-m", "workers=2", "seeds=[0,1]", "width=[16,16]", "epochs=2", "activation=tanh,relu")
    assert jobs_begun(run_in(tmp_path, *same)) == []


def test_a_failed_run_is_told_of_and_repeated_only_if_asked_for(tmp_path: Path) -> None:
    first = run_in(tmp_path, *FAILING)
    assert (first.returncode, statuses(tmp_path)) == (1, ["FAILED", "FINISHED"]), first.stderr
    [failed] = [run for run in all_runs(f"sqlite:///{tmp_path / 'mlflow.db'}") if run.info.status == "FAILED"]
    assert "memory" in failed.data.tags["nnlab.reason"].lower()
    assert "Traceback" in Path(failed.info.artifact_uri.removeprefix("file://"), "traceback.txt").read_text()

    second = run_in(tmp_path, *FAILING)
    assert (second.returncode, jobs_begun(second)) == (1, [])
    assert "failed before" in second.stdout
    assert "retry=failed" in second.stdout
    third = run_in(tmp_path, *FAILING, "retry=failed")
    assert (third.returncode, len(jobs_begun(third))) == (1, 1)
    assert statuses(tmp_path) == ["FAILED", "FAILED", "FINISHED"]


@pytest.mark.parametrize(("order", "begun"), [((TOO_LARGE, "8", "16"), 1), (("8", TOO_LARGE, "16"), 2)])
def test_the_first_failure_ends_the_sweep_if_asked_for(order: tuple[str, ...], begun: int, tmp_path: Path) -> None:
    sweep = ("-m", f"width={','.join(order)}", "epochs=1", "seeds=1", "depth=1", "tracking=none")
    done = run_in(tmp_path, *sweep, "fail_fast=true")
    assert (done.returncode, len(jobs_begun(done))) == (1, begun), done.stderr
    assert f"{3 - begun} of the sweep's jobs not run" in done.stdout
    assert len(jobs_begun(run_in(tmp_path, *sweep))) == 3


def test_a_dry_run_tells_what_there_is_to_do_and_does_nothing(tmp_path: Path) -> None:
    assert run_in(tmp_path, *SWEEP).returncode == 0
    before = sorted(path for path in tmp_path.rglob("*"))
    done = run_in(tmp_path, "-m", "activation=relu,sigmoid", *SWEEP[2:], "dry_run=true")
    assert done.returncode == 0, done.stderr
    assert "2 jobs: 1 to be run, 1 finished before" in done.stdout
    assert "about " in done.stdout
    assert "kB" in done.stdout
    assert sorted(path for path in tmp_path.rglob("*")) == before
    alone = run_in(tmp_path, "epochs=3", "width=8", "dry_run=true")
    assert alone.returncode == 0, alone.stderr
    assert "1 job: 1 to be run" in alone.stdout
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_a_job_that_cannot_be_run_ends_the_sweep_before_it_begins(tmp_path: Path) -> None:
    done = run_in(tmp_path, "-m", "normalisation=none,batch", "batch_size=1,8", "epochs=1")
    assert done.returncode == 2
    assert done.stderr.startswith("error: normalisation=batch needs batches of several examples")
    assert list(tmp_path.iterdir()) == []
    searched = run_in(tmp_path, "-m", "learning_rate=interval(0.001,0.1)")
    assert (searched.returncode, searched.stderr.count("\n")) == (2, 1)
    assert "hydra/sweeper=optuna" in searched.stderr


def test_records_that_their_store_refuses_fail_the_sweep_and_are_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nnlab.run", "-m", "activation=relu,tanh", "epochs=200", "seeds=4"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=user_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for(lambda: list(tmp_path.glob("multirun/*/*/0/.hydra")))
        for path in tmp_path.glob("mlflow.db*"):
            path.unlink()
        (tmp_path / "mlflow.db").write_text("no database, but long enough to be read as one")
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 1, output + errors
    assert "2 runs are not in the store" in errors
    assert "python -m nnlab.tracking sync" in errors
    assert len(list(tmp_path.glob("multirun/*/*/*/summary.csv"))) == 2
    assert len(list((tmp_path / ".nnlab" / "spool").glob("[!.]*"))) == 2
