"""Time what a sweep costs beside its trainings: a job with each launcher, and finding and reading ten thousand runs.

python experiments/performance/sweeps.py --rounds 3 --launchers basic joblib

A job costs what one more of it adds to a sweep of tiny networks. The store with many runs, of ten seeds each, is an
SQLite one that is filled through MLflow's own tables.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from command import progress, rounds_parser, run
from mlflow.store.tracking.dbmodels import models
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from sqlalchemy import insert

from nnlab.errors import NnlabError
from nnlab.tracking import find_recorded, read_results
from nnlab.tracking.store import open_store

LAUNCHERS = ("basic", "joblib", "submitit_local", "submitit_slurm", "ray")
TINY = ("dataset=iris", "depth=1", "width=4", "epochs=1", "seeds=1", "rerun=true")
FEW, MANY = 2, 22  # jobs
RUNS, SEEDS = 10_000, 10
MEASURES = [f"{part}_{what}" for part in ("train", "validation") for what in ("loss", "accuracy")]
FINALS = [f"final_{name}" for name in MEASURES] + ["test_loss", "test_accuracy", "best_epoch", "best_validation_loss"]
EXPERIMENT = "nnlab"


def main() -> int:
    """Run the command; return its exit status."""
    options = rounds_parser(__doc__, rounds=3)
    options.add_argument("--launchers", nargs="*", choices=LAUNCHERS, default=list(LAUNCHERS))
    return run(_measure, options.parse_args())


def _measure(options: argparse.Namespace) -> None:
    print("| launcher | a job more, ms | jobs at a time |\n| --- | ---: | ---: |")
    for launcher in options.launchers:
        progress(f"{launcher} ...")
        milliseconds = 1000 * median(_seconds_per_job(launcher) for _ in range(options.rounds))
        print(f"| {launcher} | {milliseconds:,.0f} | {1 if launcher == 'basic' else os.cpu_count()} |", flush=True)
    progress(f"a store with {RUNS:,} runs ...")
    with TemporaryDirectory() as folder:
        uri = f"sqlite:///{folder}/mlflow.db"
        os.environ["NNLAB_SPOOL"] = f"{folder}/spool"
        identities = _fill(uri)
        found = [_seconds(lambda: find_recorded(uri, EXPERIMENT, identities)) for _ in range(options.rounds)]
        read = [_seconds(lambda: read_results(uri, EXPERIMENT)) for _ in range(options.rounds)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"\nfinding the finished ones of {RUNS:,} runs: {1000 * median(found):.0f} ms")
    values = RUNS * SEEDS * len(MEASURES + FINALS)
    print(
        f"one frame of them, {RUNS * SEEDS:,} rows of {values:,} values: {median(read):.1f} s, {peak:.1f} GiB at most"
    )


def _seconds_per_job(launcher: str) -> float:
    """Return how much longer a sweep takes for each job more."""
    with TemporaryDirectory() as folder:
        _sweep(folder, launcher, FEW)  # compiles, and makes the store
        few = _seconds(lambda: _sweep(folder, launcher, FEW))
        many = _seconds(lambda: _sweep(folder, launcher, MANY))
    return (many - few) / (MANY - FEW)


def _sweep(folder: str, launcher: str, jobs: int) -> None:
    rates = ",".join(f"{0.001 + number / 1e6:.6f}" for number in range(jobs))
    command = [sys.executable, "-m", "nnlab.run", "-m", f"learning_rate={rates}", *TINY, f"hydra/launcher={launcher}"]
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise NnlabError(f"a sweep with hydra/launcher={launcher} failed: {done.stdout} {done.stderr}")


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _fill(uri: str) -> list[str]:
    """Make a store with many runs; return their identities."""
    experiment = int(open_store(uri).create_experiment(EXPERIMENT))
    random = np.random.default_rng(0)
    names = [f"run-{number:05d}" for number in range(RUNS)]
    about = {"experiment_id": experiment, "status": "FINISHED", "lifecycle_stage": "active", "source_type": "LOCAL"}
    rows: dict[Any, list[dict[str, Any]]] = {
        models.SqlRun: [{"run_uuid": name, "name": name, "start_time": n, **about} for n, name in enumerate(names)],
        models.SqlTag: [{"run_uuid": name, "key": "nnlab.identity", "value": f"{name:>032}"} for name in names],
        models.SqlParam: [
            {"run_uuid": name, "key": key, "value": str(value)}
            for n, name in enumerate(names)
            for key, value in {"learning_rate": 0.001 * n, "depth": n % 7, "activation": "relu", "width": 64}.items()
        ],
    }
    engine = SqlAlchemyStore(uri, "mlruns").engine
    with engine.begin() as connection:
        for model, content in rows.items():
            connection.execute(insert(model), content)
        for seed in range(SEEDS):
            for key in (f"seed_{seed}/{measure}" for measure in MEASURES + FINALS):
                values = random.random(RUNS)
                metric = {"key": key, "timestamp": 0, "step": 0, "is_nan": False}
                content = [{"run_uuid": n, "value": v, **metric} for n, v in zip(names, values, strict=True)]
                connection.execute(insert(models.SqlLatestMetric), content)
    return [f"{name:>032}" for name in names]


if __name__ == "__main__":
    sys.exit(main())
