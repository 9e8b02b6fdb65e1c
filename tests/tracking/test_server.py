"""Recording on a real `mlflow server`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts

from nnlab.errors import TrackingError
from nnlab.tracking import Recorder, RunFacts, check_store

Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def server(serve: Serve, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(template, folder / "mlflow.db")
    with serve(folder, "server", "--workers", "1") as url:
        yield url


def test_a_run_on_a_server(server: str, facts: RunFacts, tmp_path: Path) -> None:
    check_store(server)
    with Recorder(server, "digits", facts) as recorder:
        for epoch in range(600):
            recorder.log_epoch(0, epoch, {"train_loss": 1.0, "train_accuracy": 0.5})
        recorder.log_summary(pd.DataFrame({"seed": [0], "test_accuracy": [0.9]}))
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name("digits")
    [run] = client.search_runs([experiment.experiment_id])
    identity = run.info.run_id
    assert (run.info.status, run.data.metrics["test_accuracy"]) == ("FINISHED", 0.9)
    assert run.inputs.dataset_inputs[0].dataset.name == "digits"
    history = client.get_metric_history(identity, "seed_0/train_loss")
    assert sorted(point.step for point in history) == list(range(600))
    path = download_artifacts(run_id=identity, artifact_path="config.yaml", dst_path=str(tmp_path), tracking_uri=server)
    assert Path(path).read_text() == "depth: 4\n"


def test_nothing_is_said_on_the_terminal(server: str) -> None:
    code = (
        "import sys\n"
        "from nnlab.tracking import DatasetFacts, Recorder, RunFacts\n"
        "data = DatasetFacts('d', 's', '0', 'regression', (1, 1), (1, 1), 'float64', 'float64')\n"
        "with Recorder(sys.argv[1], 'quiet', RunFacts('r', {}, {}, '', data)): pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code, server], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_server_that_goes_away_during_the_run(
    serve: Serve, facts: RunFacts, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    shutil.copy(template, tmp_path / "mlflow.db")
    with pytest.raises(TrackingError) as caught:
        record_and_lose_the_server(serve, facts, tmp_path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("recording in http://127.0.0.1")


def record_and_lose_the_server(serve: Serve, facts: RunFacts, folder: Path) -> None:
    serving = serve(folder, "server", "--workers", "1")
    url = serving.__enter__()
    with Recorder(url, "digits", facts) as recorder:
        while not recorder._writer.run_id:
            time.sleep(0.05)
        serving.__exit__(None, None, None)
        recorder.log_metrics({"test_accuracy": 0.9})
