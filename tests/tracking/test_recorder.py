"""A run, recorded in a real SQLite store and read back through MLflow's own client."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.data.dataset_source_registry import get_dataset_source_from_json
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from nnlab.errors import ConfigurationError, TrackingError
from nnlab.tracking import Recorder, RunFacts
from nnlab.tracking.dataset_input import dataset_input

HISTORY = pd.DataFrame({"seed": [0, 1, 0, 1], "epoch": [1, 1, 2, 2], "train_loss": [1.0, 2.0, 0.5, 1.5]})
SUMMARY = pd.DataFrame({"seed": [0, 1], "test_accuracy": [0.9, 0.8], "train_loss": [0.5, 1.5]})


def only_run(uri: str) -> Run:
    client = MlflowClient(uri)
    [run] = client.search_runs([experiment.experiment_id for experiment in client.search_experiments()])
    return run


def artifact(run: Run, name: str) -> str:
    return Path(run.info.artifact_uri.removeprefix("file://"), name).read_text()


def points(uri: str, run: Run, key: str) -> list[tuple[int, float]]:
    history = MlflowClient(uri).get_metric_history(run.info.run_id, key)
    return sorted((point.step, point.value) for point in history)


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_known_before_training(uri: str, facts: RunFacts) -> None:
    with Recorder(uri, "digits", facts):
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
    with Recorder(uri, "digits", facts):
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


def test_another_process_may_add_the_data_set_first(uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch) -> None:
    log_inputs, failures = MlflowClient.log_inputs, [MlflowException("UNIQUE constraint failed: datasets")]

    def raced(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        log_inputs(*arguments)

    monkeypatch.setattr(MlflowClient, "log_inputs", raced)
    with Recorder(uri, "digits", facts):
        pass
    assert len(only_run(uri).inputs.dataset_inputs) == 1


def test_curves_have_true_epochs_and_times(uri: str, facts: RunFacts) -> None:
    before = time.time_ns() // 1_000_000
    with Recorder(uri, "digits", facts) as recorder:
        for row in HISTORY.itertuples():
            recorder.log_epoch(row.seed, row.epoch, {"train_loss": row.train_loss})
        after = time.time_ns() // 1_000_000
        wait_for(lambda: recorder._writer.run_id)  # so that the mean curves are given later than the epochs were
        recorder.log_mean_curves(HISTORY)
    run = only_run(uri)
    assert points(uri, run, "seed_1/train_loss") == [(1, 2.0), (2, 1.5)]
    assert points(uri, run, "mean/train_loss") == [(1, 1.5), (2, 1.0)]
    for key in ("mean/train_loss", "seed_0/train_loss"):
        for point in MlflowClient(uri).get_metric_history(run.info.run_id, key):
            assert before <= point.timestamp <= after


def test_results_tags_and_files(uri: str, facts: RunFacts, tmp_path: Path) -> None:
    (tmp_path / "figure.svg").write_text("<svg/>")
    with Recorder(uri, "digits", facts) as recorder:
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
    assert 0 < metrics["seconds_logging"] <= recorder.seconds


def test_a_file_that_does_not_exist_is_refused_at_once(uri: str, facts: RunFacts, tmp_path: Path) -> None:
    with Recorder(uri, "digits", facts) as recorder, pytest.raises(FileNotFoundError):
        recorder.log_file(tmp_path / "missing.svg")


def test_nan_and_infinity_never_reach_the_store(uri: str, facts: RunFacts) -> None:
    history = pd.DataFrame({"seed": [0, 0], "epoch": [1, 2], "train_loss": [1.0, math.inf]})
    summary = pd.DataFrame({"seed": [0], "test_loss": [math.nan], "test_accuracy": [0.1]})
    with Recorder(uri, "digits", facts) as recorder:
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


def test_training_threads_write_together_in_few_calls(
    uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, log_batch = [], MlflowClient.log_batch

    def counted(self: MlflowClient, run_id: str, metrics: Any = (), **others: Any) -> None:
        sizes.append(len(metrics))
        log_batch(self, run_id, metrics=metrics, **others)

    monkeypatch.setattr(MlflowClient, "log_batch", counted)
    with Recorder(uri, "digits", facts, flush_seconds=1000) as recorder:
        threads = [threading.Thread(target=train, args=(recorder, seed)) for seed in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    run = only_run(uri)
    for seed in range(5):
        assert points(uri, run, f"seed_{seed}/b") == [(epoch, float(seed)) for epoch in range(250)]
    assert sorted(size for size in sizes if size) == [1, 500, 1000, 1000]


def train(recorder: Recorder, seed: int) -> None:
    for epoch in range(250):
        recorder.log_epoch(seed, epoch, {"a": 1.0, "b": seed})


def test_curves_are_seen_while_the_run_goes_on(uri: str, facts: RunFacts) -> None:
    with Recorder(uri, "digits", facts, flush_seconds=0.05) as recorder:
        recorder.log_epoch(0, 1, {"train_loss": 0.5})
        wait_for(lambda: recorder._writer.run_id)
        client, identity = MlflowClient(uri), recorder._writer.run_id
        wait_for(lambda: client.get_metric_history(identity, "seed_0/train_loss"))
        assert client.get_run(identity).info.status == "RUNNING"


def test_entering_does_not_wait_for_the_store(uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()
    monkeypatch.setattr("nnlab.tracking.run_writer.open_store", lambda uri: opened.wait() and MlflowClient(uri))
    with Recorder(uri, "digits", facts) as recorder:
        recorder.log_epoch(0, 1, {"train_loss": 0.5})  # would wait for ever if it needed the store
        opened.set()
    assert points(uri, only_run(uri), "seed_0/train_loss") == [(1, 0.5)]


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
    with pytest.raises(type(error)) as caught, Recorder(uri, "digits", facts) as recorder:
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


def test_ctrl_c_while_the_end_waits_gives_up_all_but_the_status(
    uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = threading.Event()

    def slow(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        waiting.wait(timeout=0.5)

    with pytest.raises(KeyboardInterrupt), Recorder(uri, "digits", facts) as recorder:
        wait_for(lambda: recorder._writer.run_id)
        monkeypatch.setattr("nnlab.tracking.run_writer.RunWriter.write_metrics", slow)
    assert only_run(uri).info.status == "KILLED"


@pytest.mark.parametrize("when", ["next call", "exit"])
def test_a_failure_in_the_background_surfaces_once(
    uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(MlflowClient, "log_text", broken)
    calls_after = 0
    with pytest.raises(TrackingError, match=r"disk full$") as caught, Recorder(uri, "d", facts) as recorder:
        if when == "next call":
            wait_for(lambda: recorder._failure)
            thread = threading.Thread(target=train, args=(recorder, 0))  # does not raise on another thread
            thread.start()
            thread.join()
            with pytest.raises(TrackingError) as first:
                recorder.log_epoch(0, 1, {"train_loss": 0.5})
            recorder.log_epoch(0, 2, {"train_loss": 0.5})
            calls_after += 1
            raise first.value
    assert calls_after == (when == "next call")
    assert "\n" not in str(caught.value)
    run = only_run(uri)
    assert (run.info.status, run.data.tags["nnlab.reason"]) == ("FAILED", str(caught.value))


def broken(*_: object, **__: object) -> None:
    message = "disk full\nand a long story"
    raise OSError(message)


def test_the_trainings_own_exception_wins(uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MlflowClient, "log_text", broken)
    with pytest.raises(ZeroDivisionError) as caught, Recorder(uri, "digits", facts) as recorder:
        wait_for(lambda: recorder._failure)
        raise ZeroDivisionError
    assert caught.value.__notes__ == [f"recording in {uri} failed: disk full"]
    assert only_run(uri).data.tags["nnlab.reason"] == "ZeroDivisionError"


def test_a_store_that_cannot_be_opened(facts: RunFacts, tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("no database, but long enough to be read as one")
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    with pytest.raises(TrackingError, match="not a database"), Recorder(uri, "digits", facts):
        pass


def test_the_import_of_mlflow_is_timed_apart(uri: str, facts: RunFacts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnlab.tracking.recorder.import_mlflow", lambda _: time.sleep(0.2))
    with Recorder(uri, "digits", facts) as recorder:
        pass
    assert recorder.import_seconds >= 0.2
    assert 0 < only_run(uri).data.metrics["seconds_logging"] <= recorder.seconds


def test_a_process_that_never_leaves_the_block_still_ends_the_run(uri: str) -> None:
    code = (
        "import sys, time\n"
        "from nnlab.tracking import DatasetFacts, Recorder, RunFacts\n"
        "data = DatasetFacts('d', 's', '0', 'regression', (1, 1), (1, 1), 'float64', 'float64')\n"
        "recorder = Recorder(sys.argv[1], 'digits', RunFacts('r', {}, {}, '', data)).__enter__()\n"
        "while not recorder._writer.run_id: time.sleep(0.05)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, uri],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert only_run(uri).info.status == "KILLED"
