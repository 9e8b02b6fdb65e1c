"""Writes one run into the store: plain MLflow calls, all of them made on one thread."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnlab.tracking.dataset_input import dataset_input
from nnlab.tracking.points import Point
from nnlab.tracking.provenance import source_tags, versions
from nnlab.tracking.run_facts import RunFacts
from nnlab.tracking.store import ensure_experiment, open_store

if TYPE_CHECKING:
    from mlflow import MlflowClient

_METRICS_PER_CALL = 1000
_OTHERS_PER_CALL = 100
_LONGEST_NAME = 250


class RunWriter:
    """One run in the store.

    Attributes:
        run_id: empty until the run has been created.
    """

    def __init__(self, uri: str, experiment: str, facts: RunFacts) -> None:
        self._uri = uri
        self._experiment = experiment
        self._facts = facts
        self._client: MlflowClient
        self._is_finished = False
        self.run_id = ""

    def begin(self, started: int) -> None:
        """Create the run, which started at a time in milliseconds since 1970, and say what it is."""
        self._client = open_store(self._uri)
        experiment_id = ensure_experiment(self._client, self._uri, self._experiment)
        name = self._facts.name[:_LONGEST_NAME]
        run = self._client.create_run(experiment_id, started, source_tags(), name)
        self.run_id = run.info.run_id
        self._describe()

    def write_metrics(self, points: Sequence[Point]) -> None:
        """Write points, a thousand with each call."""
        from mlflow.entities import Metric  # noqa: PLC0415

        for batch in _batches(points, _METRICS_PER_CALL):
            metrics = [Metric(point.key, point.value, point.milliseconds, point.step) for point in batch]
            self._client.log_batch(self.run_id, metrics=metrics)

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags, each with the prefix "nnlab." unless it has that or "mlflow." already."""
        from mlflow.entities import RunTag  # noqa: PLC0415

        entities = [RunTag(_prefixed(key), str(value)) for key, value in tags.items()]
        for batch in _batches(entities, _OTHERS_PER_CALL):
            self._client.log_batch(self.run_id, tags=batch)

    def write_text(self, text: str, name: str) -> None:
        """Keep a text as an artifact."""
        self._client.log_text(self.run_id, text, name)

    def write_file(self, path: Path, folder: str) -> None:
        """Keep a file as an artifact in a folder of the run's artifacts ("" is the top one)."""
        self._client.log_artifact(self.run_id, str(path), folder or None)

    def finish(self, status: str, ended: int) -> None:
        """End the run, if it was created and has not ended: "FINISHED", "FAILED" or "KILLED"."""
        if self.run_id and not self._is_finished:
            self._client.set_terminated(self.run_id, status, ended)
            self._is_finished = True

    def _describe(self) -> None:
        from mlflow.entities import Param  # noqa: PLC0415

        self.set_tags(self._facts.tags | {"version": versions()["nnlab"]})
        parameters = [Param(key, _shown(value)) for key, value in self._facts.parameters.items()]
        for batch in _batches(parameters, _OTHERS_PER_CALL):
            self._client.log_batch(self.run_id, params=batch)
        self._write_dataset()
        self.write_text(self._facts.config_yaml, "config.yaml")
        self.write_text(json.dumps(versions(), indent=2) + "\n", "versions.json")

    def _write_dataset(self) -> None:
        from mlflow.exceptions import MlflowException  # noqa: PLC0415

        inputs = [dataset_input(self._facts.dataset)]
        try:
            self._client.log_inputs(self.run_id, inputs)
        except MlflowException:  # another process added the same data set just now: this time it is found
            self._client.log_inputs(self.run_id, inputs)


def _batches(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _prefixed(key: str) -> str:
    return key if key.startswith(("nnlab.", "mlflow.")) else f"nnlab.{key}"


def _shown(value: Any) -> str:
    """Write a value as the configuration does."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
