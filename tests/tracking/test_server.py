"""Recording on a real `mlflow server`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd
import pytest
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from recording import recording

from nnlab.tracking import RunFacts, check_store

Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def server(serve: Serve, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(template, folder / "mlflow.db")
    with serve(folder, "server", "--workers", "1") as url:
        yield url


def test_a_run_on_a_server(server: str, facts: RunFacts, tmp_path: Path) -> None:
    check_store(server)
    with recording(server, "digits", facts) as recorder:
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
        "with Recorder(sys.argv[1], 'quiet', RunFacts('r', {}, {}, '', data)) as recorder: pass\n"
        "assert recorder.delivered().state == 'delivered'\n"
    )
    done = subprocess.run([sys.executable, "-c", code, server], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
