"""Where runs are seen in MLflow's UI."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from nnlab.tracking.courier import courier
from nnlab.tracking.store_uri import is_server, sqlite_path

_LOCAL_UI = "http://127.0.0.1:5000"  # where a plain `mlflow ui` listens
_WORKFLOW = {"workflowType": "machine_learning"}  # else the menu is the one for chat models


def run_links(uri: str, searches: Sequence[tuple[str, str]]) -> list[str | None]:
    """Return where each search's runs are seen; None where the store has no such run.

    Args:
        uri: of the store; one that has a UI of its own is linked to, else the UI that `mlflow ui` opens.
        searches: each the name of an experiment, and a condition in MLflow's language.

    Raises:
        TrackingError: the store cannot be read.
    """
    path = sqlite_path(uri)
    if path is not None and not path.exists():
        return [None] * len(searches)
    experiments = courier().ask("experiments_with_runs", uri=uri, searches=[list(search) for search in searches])
    base = uri.rstrip("/") if is_server(uri) else _LOCAL_UI
    return [
        experiment and f"{base}/#/experiments/{experiment}/runs?{urlencode({'searchFilter': condition} | _WORKFLOW)}"
        for experiment, (_, condition) in zip(experiments, searches, strict=True)
    ]


def experiments_with_runs(uri: str, searches: Sequence[tuple[str, str]]) -> list[str | None]:
    """Return the id of each search's experiment, if a run in it fulfils the condition."""
    from mlflow import MlflowClient  # noqa: PLC0415

    client = MlflowClient(tracking_uri=uri)
    found: list[str | None] = []
    for name, condition in searches:
        experiment = client.get_experiment_by_name(name)
        has_runs = experiment is not None and bool(
            client.search_runs([experiment.experiment_id], condition, max_results=1)
        )
        found.append(experiment.experiment_id if has_runs else None)
    return found
