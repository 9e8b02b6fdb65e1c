"""Which configurations the store has runs of, by the identities that the runs are tagged with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, NamedTuple

from nnlab.tracking.store_uri import is_server, sqlite_path

FINISHED, FAILED = "FINISHED", "FAILED"
_IDENTITY, _REASON = "nnlab.identity", "nnlab.reason"
_WORTH = (FAILED, FINISHED)  # of the runs of one identity, a finished one counts, else a failed one
_CALLS_AT_A_TIME = 8

# MLflow's own search reads every metric of every run that it finds, which takes minutes for ten thousand runs.
_QUERY = f"""
SELECT identity.value, runs.run_uuid, runs.status, runs.start_time, reason.value
FROM tags AS identity
JOIN runs ON runs.run_uuid = identity.run_uuid
JOIN experiments ON experiments.experiment_id = runs.experiment_id
LEFT JOIN tags AS reason ON reason.run_uuid = runs.run_uuid AND reason.key = '{_REASON}'
WHERE identity.key = '{_IDENTITY}' AND runs.lifecycle_stage = 'active' AND experiments.name = :experiment
"""  # noqa: S608 - the names are those above


class RecordedRun(NamedTuple):
    """A run in the store, as far as it matters whether its configuration has to be trained again."""

    identity: str
    run_id: str
    status: str
    started: int  # milliseconds since 1970
    reason: str | None = None  # why it failed


def recorded_runs(uri: str, experiment: str, identities: Sequence[str]) -> list[RecordedRun]:
    """Return the run that counts of each identity of which the store has one that finished or failed: the newest.

    A database is asked once; a server, which would send the metrics along, once for each identity.

    Raises:
        Exception: the store cannot be read.
    """
    wanted = set(identities)
    runs = _asked(uri, experiment, wanted) if is_server(uri) else _selected(uri, experiment)
    best: dict[str, RecordedRun] = {}
    for run in sorted(runs, key=_worth):
        if run.identity in wanted and run.status in _WORTH:
            best[run.identity] = run
    return list(best.values())


def _worth(run: RecordedRun) -> tuple[int, int]:
    return _WORTH.index(run.status) if run.status in _WORTH else -1, run.started


def _selected(uri: str, experiment: str) -> list[RecordedRun]:
    path, parameters = sqlite_path(uri), {"experiment": experiment}
    if path is None:
        return [RecordedRun(*row) for row in _rows_of_server(uri, parameters)]
    if not path.exists() or path.stat().st_size == 0:
        return []
    with closing(sqlite3.connect(path)) as database:
        return [RecordedRun(*row) for row in database.execute(_QUERY, parameters)]


def _rows_of_server(uri: str, parameters: dict[str, str]) -> Sequence[Sequence[Any]]:
    from sqlalchemy import create_engine, inspect, pool, text  # noqa: PLC0415

    with create_engine(uri, poolclass=pool.NullPool).connect() as database:
        has_runs = inspect(database).has_table("tags")  # else MLflow will make its tables with the first run
        return database.execute(text(_QUERY), parameters).all() if has_runs else ()


def _asked(uri: str, experiment: str, identities: Iterable[str]) -> list[RecordedRun]:
    from mlflow import MlflowClient  # noqa: PLC0415

    client = MlflowClient(tracking_uri=uri)
    known = client.get_experiment_by_name(experiment)
    if known is None:
        return []

    def runs_of(identity: str) -> list[RecordedRun]:
        return [
            RecordedRun(identity, run.info.run_id, run.info.status, run.info.start_time, run.data.tags.get(_REASON))
            for run in client.search_runs([known.experiment_id], f"tags.`{_IDENTITY}` = '{identity}'")
        ]

    with ThreadPoolExecutor(_CALLS_AT_A_TIME) as pool:
        return [run for runs in pool.map(runs_of, identities) for run in runs]
