"""A run, recorded in a real SQLite store and read back through MLflow's own client."""

from __future__ import annotations

import json
import math
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.data.dataset_source_registry import get_dataset_source_from_json
from recording import all_runs, artifact, only_run, points, recording, wait_for

from nnlab.errors import ConfigurationError, TrackingError
from nnlab.tracking import Recorder, RunFacts
from nnlab.tracking.dataset_input import dataset_input
from nnlab.tracking.spool import spools

HISTORY = pd.DataFrame({"seed": [0, 1, 0, 1], "epoch": [1, 1, 2, 2], "train_loss": [1.0, 2.0, 0.5, 1.5]})
SUMMARY = pd.DataFrame({"seed": [0, 1], "test_accuracy": [0.9, 0.8], "train_loss": [0.5, 1.5]})


def test_what_is_known_before_training(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts):
        pass
    run = only_run(uri)
    assert MlflowClient(uri).get_experiment(run.info.experiment_id).name == "digits"
    assert run.info.run_name == "activation=relu depth=4"
    assert run.data.params == {
        "depth": "4", "width": "[32, 16]", "dropout": "null", "amsgrad": "true", "rate": "0.01"
    }  # fmt: skip
    assert run.data.tags["nnlab.sweep"] == "2026-01-01/12-00-00"
    assert run.data.tags["mlflow.source.type"] == "LOCAL"
    assert artifact(run, "config.yaml") == "depth: 4\n"
    assert json.loads(artifact(run, "versions.json"))["nnlab"] == run.data.tags["nnlab.version"]


def test_the_data_set_is_an_input_of_the_run(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts):
        pass
    [entry] = only_run(uri).inputs.dataset_inputs
    assert (entry.dataset.name, entry.dataset.digest) == ("digits", facts.dataset.digest[:36])
    schema = json.loads(entry.dataset.schema)["mlflow_tensorspec"]
    specifications = [json.loads(schema[name])[0]["tensor-spec"] for name in ("features", "targets")]
    assert specifications == [{"dtype": "float64", "shape": [-1, 64]}, {"dtype": "float32", "shape": [-1, 10]}]
    profile = json.loads(entry.dataset.profile)
    assert (profile["features_shape"], profile["targets_shape"]) == ([1797, 64], [1797, 10])
    assert profile["digest"] == facts.dataset.digest
    assert [(tag.key, tag.value) for tag in entry.tags] == [("mlflow.data.context", "training")]


@pytest.mark.parametrize(
    ("source", "source_type", "content"),
    [
        ("/home/me/flowers.csv", "local", {"uri": "/home/me/flowers.csv"}),
        ("scikit-learn load_digits", "code", {"tags": {"mlflow.source.name": "scikit-learn load_digits"}}),
        ("generated", "code", {"tags": {"mlflow.source.name": "generated"}}),
    ],
)
def test_the_source_of_a_data_set_is_of_a_type_that_mlflow_knows(
    facts: RunFacts, source: str, source_type: str, content: dict[str, Any]
) -> None:
    dataset = dataset_input(replace(facts.dataset, source=source)).dataset
    assert (dataset.source_type, json.loads(dataset.source)) == (source_type, content)
    resolved = get_dataset_source_from_json(dataset.source, dataset.source_type)
    assert json.loads(resolved.to_json()) == content


def test_curves_have_true_epochs_and_times(uri: str, facts: RunFacts) -> None:
    before = time.time_ns() // 1_000_000
    with recording(uri, "digits", facts) as recorder:
        for row in HISTORY.itertuples():
            recorder.log_epoch(row.seed, row.epoch, {"train_loss": row.train_loss})
        after = time.time_ns() // 1_000_000
        recorder.log_mean_curves(HISTORY)
    run = only_run(uri)
    assert points(uri, run, "seed_1/train_loss") == [(1, 2.0), (2, 1.5)]
    assert points(uri, run, "mean/train_loss") == [(1, 1.5), (2, 1.0)]
    for key in ("mean/train_loss", "seed_0/train_loss"):
        for point in MlflowClient(uri).get_metric_history(run.info.run_id, key):
            assert before <= point.timestamp <= after


def test_results_tags_and_files(uri: str, facts: RunFacts, tmp_path: Path) -> None:
    (tmp_path / "figure.svg").write_text("<svg/>")
    with recording(uri, "digits", facts) as recorder:
        recorder.log_summary(SUMMARY)
        recorder.log_metrics({"seconds_training": 2.5})
        recorder.set_tags({"diverged": "0,1"})
        recorder.log_file(tmp_path / "figure.svg", "figures")
    run = only_run(uri)
    assert run.info.status == "FINISHED"
    metrics = run.data.metrics
    assert metrics["test_accuracy"] == pytest.approx(0.85)
    assert (metrics["seed_0/test_accuracy"], metrics["seed_1/final_train_loss"]) == (0.9, 1.5)
    assert (metrics["seconds_training"], run.data.tags["nnlab.diverged"]) == (2.5, "0,1")
    assert artifact(run, "figures/figure.svg") == "<svg/>"
    assert 0 < metrics["seconds_logging"] < 60


def test_a_file_that_does_not_exist_is_refused_at_once(uri: str, facts: RunFacts, tmp_path: Path) -> None:
    with recording(uri, "digits", facts) as recorder, pytest.raises(FileNotFoundError):
        recorder.log_file(tmp_path / "missing.svg")


def test_nan_and_infinity_never_reach_the_store(uri: str, facts: RunFacts) -> None:
    history = pd.DataFrame({"seed": [0, 0], "epoch": [1, 2], "train_loss": [1.0, math.inf]})
    summary = pd.DataFrame({"seed": [0], "test_loss": [math.nan], "test_accuracy": [0.1]})
    with recording(uri, "digits", facts) as recorder:
        recorder.log_epoch(0, 1, {"train_loss": 1.0})
        recorder.log_epoch(0, 2, {"train_loss": math.nan, "validation_loss": -math.inf})
        recorder.log_mean_curves(history)
        recorder.log_summary(summary)
        recorder.log_metrics({"ratio": math.inf})
    run = only_run(uri)
    assert set(run.data.metrics) == {
        "seed_0/train_loss", "mean/train_loss", "test_accuracy", "seed_0/test_accuracy", "seconds_logging"
    }  # fmt: skip
    assert points(uri, run, "seed_0/train_loss") == points(uri, run, "mean/train_loss") == [(1, 1.0)]


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ValueError("shapes\ndiffer"), "FAILED", "ValueError: shapes differ"),
        (ConfigurationError("depth=-1 is not allowed"), "FAILED", "depth=-1 is not allowed"),
        (KeyboardInterrupt(), "KILLED", "KeyboardInterrupt"),
        (SystemExit(143), "KILLED", "SystemExit: 143"),
        (GeneratorExit(), "KILLED", "GeneratorExit"),
    ],
)
def test_an_exception_ends_the_run_and_goes_on_its_way(
    uri: str, facts: RunFacts, error: BaseException, status: str, reason: str
) -> None:
    with pytest.raises(type(error)) as caught, recording(uri, "digits", facts) as recorder:
        recorder.log_epoch(0, 1, {"train_loss": 0.5})
        raise error
    run = only_run(uri)
    assert caught.value is error
    assert (run.info.status, run.data.tags["nnlab.reason"]) == (status, reason)
    assert points(uri, run, "seed_0/train_loss") == [(1, 0.5)]
    names = {file.path for file in MlflowClient(uri).list_artifacts(run.info.run_id)}
    assert ("traceback.txt" in names) == (status == "FAILED")
    if status == "FAILED":
        assert "raise error" in artifact(run, "traceback.txt")


def test_curves_are_seen_while_the_run_goes_on(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts, flush_seconds=0.05) as recorder:
        recorder.log_epoch(0, 1, {"train_loss": 0.5})
        wait_for(lambda: MlflowClient(uri).get_experiment_by_name("digits"))
        run = wait_for(lambda: all_runs(uri))[0]
        wait_for(lambda: points(uri, run, "seed_0/train_loss"))
        assert only_run(uri).info.status == "RUNNING"


def test_threads_write_side_by_side(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts) as recorder:
        threads = [threading.Thread(target=train, args=(recorder, seed)) for seed in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for seed in range(5):
        assert points(uri, only_run(uri), f"seed_{seed}/b") == [(epoch, float(seed)) for epoch in range(250)]


def train(recorder: Recorder, seed: int) -> None:
    for epoch in range(250):
        recorder.log_epoch(seed, epoch, {"a": 1.0, "b": seed})


def test_nothing_is_left_on_disk(uri: str, facts: RunFacts, spool_root: Path) -> None:
    with recording(uri, "digits", facts):
        pass
    assert list(spool_root.iterdir()) == []


def test_a_store_that_refuses_keeps_the_spool(facts: RunFacts, tmp_path: Path, spool_root: Path) -> None:
    (tmp_path / "mlflow.db").write_text("no database, but long enough to be read as one")
    with pytest.raises(TrackingError, match=r"not a database.*is kept in"):
        record_nothing(f"sqlite:///{tmp_path}/mlflow.db", facts)
    assert len(spools(spool_root)) == 1


def record_nothing(uri: str, facts: RunFacts) -> None:
    with recording(uri, "digits", facts):
        pass


def test_a_spool_that_cannot_be_made(uri: str, facts: RunFacts, spool_root: Path) -> None:
    spool_root.write_text("a file in its place")
    with pytest.raises(TrackingError, match="cannot write to"):
        record_nothing(uri, facts)
