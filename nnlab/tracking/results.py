"""Recorded runs as one frame, a row per seed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nnlab.errors import TrackingError
from nnlab.tracking.failure import tracking_error
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.store import close_store
from nnlab.tracking.store_checks import check_store
from nnlab.tracking.store_uri import sqlite_path

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.entities import Run

_RUNS_PER_CALL = 1000
_FINISHED = "attributes.status = 'FINISHED'"
_OF_A_SEED = re.compile(r"seed_(\d+)/(.+)")
_FINAL = "final_"
_SEEDS = "seeds"  # the parameter that lists what the rows say one by one


def read_results(uri: str, experiment: str, condition: str = "", *, finished_only: bool = True) -> pd.DataFrame:
    """Return a row per seed of each run of an experiment, the oldest run first.

    Args:
        uri: the tracking store.
        experiment: its name.
        condition: which runs, in MLflow's language: "params.activation = 'relu' and tags.`nnlab.sweep` LIKE '%12-00%'".
        finished_only: leave out runs that go on, failed or were killed.

    Returns:
        The columns run_id, run, status and seed, the parameters in which the runs differ (numbers where all are), then
        what was measured of the seed at the end of its training; `attrs["varied"]` lists these parameters.

    Raises:
        TrackingError: the store cannot be read, there is no such experiment, or MLflow does not understand the
            condition.
    """
    prepare_process()
    check_store(uri)
    path = sqlite_path(uri)
    if path is not None and not path.exists():
        raise TrackingError(f"there are no recorded runs: {path} does not exist")
    try:
        with silence():
            runs = _runs(uri, experiment, _both(condition, _FINISHED if finished_only else ""))
            close_store(uri)
    except TrackingError:
        raise
    except Exception as error:
        raise tracking_error(uri, error, "reading results from") from error
    return _frame(runs)


def _both(first: str, second: str) -> str:
    return " and ".join(condition for condition in (first, second) if condition)


def _runs(uri: str, name: str, condition: str) -> list[Run]:
    from mlflow import MlflowClient  # noqa: PLC0415

    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        known = ", ".join(sorted(experiment.name for experiment in client.search_experiments()))
        raise TrackingError(f"there is no experiment '{name}'; known: {known}")
    runs: list[Run] = []
    token: str | None = ""
    while token is not None:
        page = client.search_runs(
            [experiment.experiment_id], condition, 1, _RUNS_PER_CALL, ["attributes.start_time ASC"], token or None
        )
        runs += page
        token = page.token or None
    return runs


def _frame(runs: list[Run]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    varied = _varied([run.data.params for run in runs])
    rows = [row for run in runs for row in _rows(run, varied)]
    first = ["run_id", "run", "status", "seed", *varied]
    frame = pd.DataFrame(rows, columns=None if rows else first)
    for name in varied:
        if name in frame:
            frame[name] = _numbers(frame[name])
    measured = sorted(set(frame.columns) - set(first))
    frame = frame[[name for name in [*first, *measured] if name in frame]]
    frame.attrs["varied"] = varied
    return frame


def _rows(run: Run, varied: list[str]) -> list[dict[str, Any]]:
    """Return what was measured of each seed at the end; a curve's last point where the end has no value of its own."""
    seeds: dict[int, dict[str, float]] = {}
    for key, value in run.data.metrics.items():
        if found := _OF_A_SEED.fullmatch(key):
            seeds.setdefault(int(found[1]), {})[found[2]] = value
    about = {"run_id": run.info.run_id, "run": run.info.run_name, "status": run.info.status}
    parameters = {name: run.data.params.get(name) for name in varied}
    return [about | {"seed": seed} | parameters | _final(seeds[seed]) for seed in sorted(seeds)]


def _final(measured: dict[str, float]) -> dict[str, float]:
    curves = {name.removeprefix(_FINAL) for name in measured if name.startswith(_FINAL)}
    return {name.removeprefix(_FINAL): value for name, value in measured.items() if name not in curves}


def _varied(parameters: list[dict[str, str]]) -> list[str]:
    """Return the parameters in which runs differ, in the order in which they are found."""
    names = dict.fromkeys(name for one in parameters for name in one)
    return [name for name in names if name != _SEEDS and len({one.get(name) for one in parameters}) > 1]


def _numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd  # noqa: PLC0415

    try:
        return pd.to_numeric(column)
    except ValueError:
        return column
