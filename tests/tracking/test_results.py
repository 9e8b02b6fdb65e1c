"""Recorded runs as one frame, in Python and on the command line."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from recording import recording

import nnlab.api
from nnlab.errors import TrackingError
from nnlab.tracking import RunFacts, read_results


def record(uri: str, facts: RunFacts, rate: float, seeds: int) -> None:
    about = replace(facts, name=f"rate={rate}", parameters=facts.parameters | {"rate": rate, "seeds": seeds})
    with recording(uri, "digits", about) as recorder:
        for seed in range(seeds):
            recorder.log_epoch(seed, 1, {"train_loss": 0.25, "gradient_norm": 2.0})
        if seeds == 0:
            recorder.log_epoch(0, 1, {"train_loss": 0.25})
            raise ZeroDivisionError
        summary = {"seed": range(seeds), "test_accuracy": [rate + seed for seed in range(seeds)], "train_loss": 0.125}
        recorder.log_summary(pd.DataFrame(summary))


@pytest.fixture
def store(uri: str, facts: RunFacts) -> str:
    record(uri, facts, 0.5, 2)
    record(uri, facts, 0.25, 1)
    with pytest.raises(ZeroDivisionError):
        record(uri, facts, 0.1, 0)
    return uri


def test_a_row_per_seed_and_a_column_for_what_varied(store: str) -> None:
    frame = read_results(store, "digits")
    assert list(frame.columns) == [
        "run_id",
        "run",
        "status",
        "seed",
        "rate",
        "gradient_norm",
        "test_accuracy",
        "train_loss",
    ]
    assert frame.attrs["varied"] == ["rate"]
    assert frame[["run", "seed", "rate", "test_accuracy", "train_loss"]].to_numpy().tolist() == [
        ["rate=0.5", 0, 0.5, 0.5, 0.125],
        ["rate=0.5", 1, 0.5, 1.5, 0.125],
        ["rate=0.25", 0, 0.25, 0.25, 0.125],
    ]
    assert frame["rate"].dtype.kind == "f"


def test_conditions(store: str) -> None:
    assert set(read_results(store, "digits", "params.rate = '0.25'")["run"]) == {"rate=0.25"}
    everything = read_results(store, "digits", finished_only=False)
    assert everything["status"].tolist() == ["FINISHED"] * 3 + ["FAILED"]
    assert read_results(store, "digits", "params.rate = '7'").empty


def test_many_pages(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_results(store, "digits")
    monkeypatch.setattr("nnlab.tracking.results._RUNS_PER_CALL", 1)
    pd.testing.assert_frame_equal(read_results(store, "digits"), whole)


@pytest.mark.parametrize(
    ("experiment", "condition", "message"),
    [("diggits", "", "no experiment 'diggits'; known: Default, digits"), ("digits", "rate > 1", "Invalid")],
)
def test_bad_questions(store: str, experiment: str, condition: str, message: str) -> None:
    with pytest.raises(TrackingError, match=message) as caught:
        read_results(store, experiment, condition)
    assert "\n" not in str(caught.value)


def test_in_python(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    pd.testing.assert_frame_equal(nnlab.api.results("digits"), read_results(store, "digits"))


def command(store: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nnlab.results", *arguments],
        env={"MLFLOW_TRACKING_URI": store, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_parameter_and_a_measure_of_one_name_stand_side_by_side(uri: str, facts: RunFacts) -> None:
    for asked, trained in ((10, 7), (20, 20)):
        about = replace(facts, parameters={"epochs": asked})
        with recording(uri, "digits", about) as recorder:
            recorder.log_summary(pd.DataFrame({"seed": [0], "epochs": [trained], "test_loss": [0.5]}))
    frame = read_results(uri, "digits")
    assert list(frame.columns) == ["run_id", "run", "status", "seed", "epochs", "measured_epochs", "test_loss"]
    assert frame[["epochs", "measured_epochs"]].to_numpy().tolist() == [[10, 7], [20, 20]]
    pd.testing.assert_frame_equal(read_results(uri, "digits", "metrics.test_loss < 1"), frame)


def test_on_the_command_line(store: str, tmp_path: Path) -> None:
    table = command(store, "digits")
    assert table.stderr == ""
    assert "2 runs, seeds in all: 3; all columns: --csv" in table.stdout
    assert max(map(len, table.stdout.splitlines())) <= 100
    frame = pd.read_csv(io.StringIO(command(store, "digits", "--csv").stdout))
    pd.testing.assert_frame_equal(frame, read_results(store, "digits"))
    refused = command(store, "nothing")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
