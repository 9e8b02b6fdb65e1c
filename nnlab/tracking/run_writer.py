"""Writes one run into the store: plain MLflow calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnlab.tracking.dataset_input import dataset_input
from nnlab.tracking.points import Point
from nnlab.tracking.run_facts import DatasetFacts, RunFacts

if TYPE_CHECKING:
    from mlflow import MlflowClient

_METRICS_PER_CALL = 1000
_OTHERS_PER_CALL = 100
_LONGEST_NAME = 250
_SPOOL = "nnlab.spool"  # the tag by which a run is found whose id was lost


def create_run(client: MlflowClient, experiment_id: str, started: int, source: Mapping[str, str], name: str) -> str:
    """Create a run that started at a time in milliseconds since 1970, and return its id."""
    run = client.create_run(experiment_id, started, dict(source), name[:_LONGEST_NAME])
    return str(run.info.run_id)


def find_run(client: MlflowClient, experiment_id: str, spool: str) -> str:
    """Return the id of the run that was made of a spool, or an empty one."""
    runs = client.search_runs([experiment_id], f"tags.`{_SPOOL}` = '{spool}'", max_results=1)
    return str(runs[0].info.run_id) if runs else ""


def spool_tag(spool: str) -> dict[str, str]:
    """Return the tag by which `find_run` finds a run."""
    return {_SPOOL: spool}


class RunWriter:
    """One run in the store; to write the same twice changes nothing."""

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        self._client = client
        self._run_id = run_id

    def describe(self, facts: RunFacts, versions: Mapping[str, str]) -> None:
        """Say what the run is."""
        from mlflow.entities import Param  # noqa: PLC0415

        self.set_tags(facts.tags | {"version": versions["nnlab"]})
        parameters = [Param(key, _shown(value)) for key, value in facts.parameters.items()]
        for batch in _batches(parameters, _OTHERS_PER_CALL):
            self._client.log_batch(self._run_id, params=batch)
        if facts.dataset is not None:
            self._write_dataset(facts.dataset)
        self.write_text(facts.config_yaml, "config.yaml")
        self.write_text(json.dumps(versions, indent=2) + "\n", "versions.json")

    def write_metrics(self, points: Sequence[Point]) -> None:
        """Write points, a thousand with each call."""
        from mlflow.entities import Metric  # noqa: PLC0415

        for batch in _batches(points, _METRICS_PER_CALL):
            metrics = [Metric(point.key, point.value, point.milliseconds, point.step) for point in batch]
            self._client.log_batch(self._run_id, metrics=metrics)

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags, each with the prefix "nnlab." unless it has that or "mlflow." already."""
        from mlflow.entities import RunTag  # noqa: PLC0415

        entities = [RunTag(_prefixed(key), str(value)) for key, value in tags.items()]
        for batch in _batches(entities, _OTHERS_PER_CALL):
            self._client.log_batch(self._run_id, tags=batch)

    def write_text(self, text: str, name: str) -> None:
        """Keep a text as an artifact."""
        self._client.log_text(self._run_id, text, name)

    def write_file(self, path: Path, folder: str) -> None:
        """Keep a file as an artifact in a folder of the run's artifacts ("" is the top one)."""
        self._client.log_artifact(self._run_id, str(path), folder or None)

    def finish(self, status: str, ended: int) -> None:
        """End the run: "FINISHED", "FAILED" or "KILLED"."""
        self._client.set_terminated(self._run_id, status, ended)

    def _write_dataset(self, facts: DatasetFacts) -> None:
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        inputs = [dataset_input(facts)]
        try:
            self._client.log_inputs(self._run_id, inputs)
        except MlflowException:  # another process added the same data set just now: this time it is found
            self._client.log_inputs(self._run_id, inputs)


def _batches(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _prefixed(key: str) -> str:
    return key if key.startswith(("nnlab.", "mlflow.")) else f"nnlab.{key}"


def _shown(value: Any) -> str:
    """Write a value as the configuration does."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
