"""Recorded runs as one frame, a row per seed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnlab.errors import TrackingError
from nnlab.tracking.failure import tracking_error
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.store import close_store
from nnlab.tracking.store_checks import check_readable
from nnlab.tracking.store_uri import is_server, sqlite_path

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.entities import Run

_RUNS_PER_CALL = 1000
_FINISHED = "FINISHED"
_OF_A_SEED = re.compile(r"seed_(\d+)/(.+)")
_FINAL = "final_"
_SEEDS = "seeds"  # the parameter that lists what the rows say one by one

# MLflow's own search makes objects of all that it finds, which takes minutes for ten thousand runs.
_OF_THE_EXPERIMENT = """
JOIN experiments ON experiments.experiment_id = runs.experiment_id
WHERE experiments.name = :experiment AND runs.lifecycle_stage = 'active'
"""
_RUNS = f"""
SELECT runs.run_uuid AS run_id, runs.name AS run, runs.status AS status
FROM runs {_OF_THE_EXPERIMENT} ORDER BY runs.start_time, runs.run_uuid
"""  # noqa: S608 - all is said here
_PARAMETERS = f"""
SELECT params.run_uuid AS run_id, params.key AS name, params.value AS value
FROM params JOIN runs ON runs.run_uuid = params.run_uuid {_OF_THE_EXPERIMENT}
"""  # noqa: S608
_METRICS = f"""
SELECT latest_metrics.run_uuid AS run_id, latest_metrics.key AS name, latest_metrics.value AS value
FROM latest_metrics JOIN runs ON runs.run_uuid = latest_metrics.run_uuid {_OF_THE_EXPERIMENT}
"""  # noqa: S608


class _Tables(NamedTuple):
    """What the store has of some runs."""

    runs: pd.DataFrame  # run_id, run, status: the oldest first
    parameters: pd.DataFrame  # run_id, name, value
    metrics: pd.DataFrame  # run_id, name, value: the last of each


def read_results(uri: str, experiment: str, condition: str = "", *, finished_only: bool = True) -> pd.DataFrame:
    """Return a row per seed of each run of an experiment, the oldest run first.

    Args:
        uri: the tracking store.
        experiment: its name.
        condition: which runs, in MLflow's language: "params.activation = 'relu' and tags.`nnlab.sweep` LIKE '%12-00%'".
        finished_only: leave out runs that go on, failed or were killed.

    Returns:
        The columns run_id, run, status and seed, the parameters in which the runs differ (numbers where all are), then
        what was measured of the seed at the end of its training; `attrs["varied"]` lists these parameters. What has the
        name of one of them is called "measured_...", such as "measured_epochs" beside "epochs".

    Raises:
        TrackingError: the store cannot be read, there is no such experiment, or MLflow does not understand the
            condition.
    """
    prepare_process()
    check_readable(uri)
    try:
        tables = _searched(uri, experiment, condition) if condition or is_server(uri) else _selected(uri, experiment)
        if tables.runs.empty:
            _check_experiment(uri, experiment)
    except TrackingError:
        raise
    except Exception as error:
        raise tracking_error(uri, error, "reading results from") from error
    return _frame(_finished(tables) if finished_only else tables)


def _selected(uri: str, experiment: str) -> _Tables:
    """Select from the tables of a database."""
    import pandas as pd  # noqa: PLC0415

    with _connection(uri) as (connection, prepared):
        of = {"con": connection, "params": {"experiment": experiment}}
        return _Tables(
            runs=pd.read_sql_query(prepared(_RUNS), **of),
            parameters=pd.read_sql_query(prepared(_PARAMETERS), **of),
            metrics=pd.read_sql_query(prepared(_METRICS), **of),
        )


@contextmanager
def _connection(uri: str) -> Iterator[tuple[Any, Any]]:
    """Yield a connection, and what makes a query for it of a text."""
    path = sqlite_path(uri)
    if path is not None:
        with closing(sqlite3.connect(path)) as connection:
            yield connection, str
        return
    from sqlalchemy import create_engine, pool, text  # noqa: PLC0415

    with create_engine(uri, poolclass=pool.NullPool).connect() as connection:
        yield connection, text


def _searched(uri: str, experiment: str, condition: str) -> _Tables:
    """Have MLflow search, which understands conditions, and a server everything else."""
    import pandas as pd  # noqa: PLC0415

    with silence():
        runs = _runs(uri, experiment, condition)
        close_store(uri)
    about = [(run.info.run_id, run.info.run_name, run.info.status) for run in runs]

    def table(kind: str) -> pd.DataFrame:
        rows = [(run.info.run_id, *pair) for run in runs for pair in getattr(run.data, kind).items()]
        return pd.DataFrame(rows, columns=["run_id", "name", "value"])

    return _Tables(pd.DataFrame(about, columns=["run_id", "run", "status"]), table("params"), table("metrics"))


def _runs(uri: str, name: str, condition: str) -> list[Run]:
    from mlflow import MlflowClient  # noqa: PLC0415

    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(name)
    runs: list[Run] = []
    token: str | None = None if experiment is None else ""
    while experiment is not None and token is not None:
        page = client.search_runs(
            [experiment.experiment_id], condition, 1, _RUNS_PER_CALL, ["attributes.start_time ASC"], token or None
        )
        runs += page
        token = page.token or None
    return runs


def _check_experiment(uri: str, name: str) -> None:
    from mlflow import MlflowClient  # noqa: PLC0415

    with silence():
        names = sorted(experiment.name for experiment in MlflowClient(tracking_uri=uri).search_experiments())
        close_store(uri)
    if name not in names:
        raise TrackingError(f"there is no experiment '{name}'; known: {', '.join(names)}")


def _finished(tables: _Tables) -> _Tables:
    runs = tables.runs[tables.runs["status"] == _FINISHED]
    parameters, metrics = (table[table["run_id"].isin(runs["run_id"])] for table in tables[1:])
    return _Tables(runs, parameters, metrics)


def _frame(tables: _Tables) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    varied = _varied(tables.parameters)
    first = ["run_id", "run", "status", "seed", *varied]
    measured = _measured(tables.metrics).rename(columns={name: f"measured_{name}" for name in varied})
    if measured.empty:
        frame = pd.DataFrame(columns=first)
    else:
        runs = tables.runs.reset_index(drop=True).join(_wide(tables.parameters, varied), on="run_id")
        frame = runs.merge(measured.reset_index(), on="run_id", sort=False)[[*first, *measured.columns]]
    for name in varied:
        frame[name] = _numbers(frame[name])
    frame.attrs["varied"] = varied
    return frame


def _measured(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return what was measured of each run and seed at the end; a curve's last point where there is nothing else."""
    import pandas as pd  # noqa: PLC0415

    names = pd.Categorical(metrics["name"])
    parsed = [_OF_A_SEED.fullmatch(name) for name in names.categories]  # each name once: there are few, in many rows
    rows = np.array([found is not None for found in parsed], bool)[names.codes]
    seeds = np.array([int(found[1]) if found else -1 for found in parsed], np.int64)
    measures = np.array([found[2] if found else "" for found in parsed], object)
    is_final = np.array([measure.startswith(_FINAL) for measure in measures], bool)
    short = np.array([measure.removeprefix(_FINAL) for measure in measures], object)
    codes = names.codes[rows]
    about = {"run_id": metrics["run_id"].to_numpy()[rows], "value": metrics["value"].to_numpy()[rows]}
    table = pd.DataFrame({**about, "seed": seeds[codes], "name": short[codes], "final": is_final[codes]})
    last = table.sort_values("final", kind="stable").drop_duplicates(["run_id", "seed", "name"], keep="last")
    wide = last.pivot_table(index=["run_id", "seed"], columns="name", values="value")
    wide.columns.name = None
    return wide


def _wide(parameters: pd.DataFrame, varied: list[str]) -> pd.DataFrame:
    """Return a row per run with a column for each parameter in which runs differ."""
    chosen = parameters[parameters["name"].isin(varied)]
    return chosen.set_index(["run_id", "name"])["value"].unstack("name").reindex(columns=varied)  # noqa: PD010 - texts


def _varied(parameters: pd.DataFrame) -> list[str]:
    """Return the parameters in which runs differ, in the order in which they are found."""
    runs = parameters["run_id"].nunique()
    by_name = parameters.groupby("name", sort=False)["value"].agg(["nunique", "size"])
    differ: Mapping[Any, bool] = ((by_name["nunique"] > 1) | (by_name["size"] < runs)).to_dict()
    return [str(name) for name, does in differ.items() if does and name != _SEEDS]


def _numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd  # noqa: PLC0415

    try:
        return pd.to_numeric(column)
    except ValueError:
        return column
