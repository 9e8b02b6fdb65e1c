"""All that the store has of one run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from nnlab.errors import TrackingError
from nnlab.tracking.failure import tracking_error
from nnlab.tracking.points import Numbers
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.store import close_store
from nnlab.tracking.store_checks import check_readable
from nnlab.tracking.store_uri import shown

if TYPE_CHECKING:
    from mlflow import MlflowClient


@dataclass(frozen=True)
class RunRecord:
    """One run in the store.

    Attributes:
        name: in the store.
        status: such as "FINISHED".
        config_yaml: the full resolved configuration.
        versions: of Python and packages, by their names.
        tags: without their prefix "nnlab."; with it where it is MLflow's own.
        dataset_digest: as MLflow keeps it, cut short.
        numbers: of all metrics.
    """

    name: str
    status: str
    config_yaml: str
    versions: dict[str, str]
    tags: dict[str, str]
    dataset_digest: str
    numbers: Numbers


def read_run(uri: str, run_id: str) -> RunRecord:
    """Return the record of a run.

    Raises:
        TrackingError: the store cannot be read, or has no such run of nnlab.
    """
    prepare_process()
    check_readable(uri)
    from mlflow import MlflowClient  # noqa: PLC0415

    try:
        with silence():
            record = _read(MlflowClient(tracking_uri=uri), run_id)
            close_store(uri)
    except Exception as error:
        raise tracking_error(uri, error, f"reading run {run_id} from") from error
    if record is None:
        raise TrackingError(f"run {run_id} in {shown(uri)} was not recorded by nnlab")
    return record


def _read(client: MlflowClient, run_id: str) -> RunRecord | None:
    run = client.get_run(run_id)
    if "nnlab.version" not in run.data.tags:
        return None
    with TemporaryDirectory(prefix="nnlab-") as folder:
        texts = {
            name: Path(client.download_artifacts(run_id, name, folder)).read_text(encoding="utf-8")
            for name in ("config.yaml", "versions.json")
        }
    inputs = run.inputs.dataset_inputs
    return RunRecord(
        name=str(run.info.run_name),
        status=str(run.info.status),
        config_yaml=texts["config.yaml"],
        versions=json.loads(texts["versions.json"]),
        tags={key.removeprefix("nnlab."): value for key, value in run.data.tags.items()},
        dataset_digest=str(inputs[0].dataset.digest) if inputs else "",
        numbers={
            (point.key, int(point.step)): float(point.value)
            for key in run.data.metrics
            for point in client.get_metric_history(run_id, key)
        },
    )
