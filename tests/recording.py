"""What tests of recorded runs share: a run whose record is in the store at the end of a block, and reading it back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Run

from nnlab.tracking import Recorder, RunFacts


@contextmanager
def recording(uri: str, experiment: str, facts: RunFacts, flush_seconds: float = 1000) -> Iterator[Recorder]:
    """Record a run, and wait at the end until the store has it."""
    recorder = Recorder(uri, experiment, facts, flush_seconds=flush_seconds)
    with ExitStack() as afterwards, recorder:
        afterwards.callback(recorder.delivered)
        yield recorder


def only_run(uri: str) -> Run:
    """Return the one run of a store."""
    [run] = all_runs(uri)
    return run


def all_runs(uri: str) -> list[Run]:
    """Return the runs of a store, of all experiments."""
    client = MlflowClient(uri)
    return list(client.search_runs([experiment.experiment_id for experiment in client.search_experiments()]))


def artifact(run: Run, name: str) -> str:
    """Return the text of an artifact of a run in an SQLite store."""
    return Path(run.info.artifact_uri.removeprefix("file://"), name).read_text(encoding="utf-8")


def points(uri: str, run: Run, key: str) -> list[tuple[int, float]]:
    """Return steps and values of a metric."""
    history = MlflowClient(uri).get_metric_history(run.info.run_id, key)
    return sorted((point.step, point.value) for point in history)


def wait_for(condition: Callable[[], Any]) -> Any:
    """Wait until a condition holds; return what it gave."""
    deadline = time.monotonic() + 60
    while not (answer := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return answer
