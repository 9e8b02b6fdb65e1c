"""What a sweep will take: time from a short calibration, room on disk from what a run writes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console

from nnlab import data
from nnlab.console.counting import counted
from nnlab.design import architecture_of
from nnlab.jobs.sweep_plan import PlannedJob
from nnlab.network import Network
from nnlab.schema import Config
from nnlab.table import plan_of, sizes_of
from nnlab.training.compiling import compile_kernels
from nnlab.training.descent import Descent
from nnlab.training.helpers import available_cores
from nnlab.training.minimisation import is_minimiser
from nnlab.training.replicates import ReplicatesTraining

_CALIBRATIONS = 8  # at most; other jobs are taken for as fast as the nearest of these
_LEAST_SECONDS = 0.2  # of training in a calibration
_MOST_EPOCHS = 64
_CURVES = 4  # of each seed: loss and score of train and validation
# Measured, with an SQLite store, see experiments/performance/README.md.
_SECONDS_PER_JOB = 0.3  # for all but training
_BYTES_PER_JOB = 250_000  # configuration, tables, figure, in the folder and among the artifacts; parameters, tags
_BYTES_PER_POINT = 330  # of a curve, in the database and in two copies of history.csv


@dataclass(frozen=True)
class Estimate:
    """Of one job.

    Attributes:
        seconds: until it is recorded, if no seed ends early.
        room: bytes on disk.
    """

    seconds: float
    room: int


def estimates(jobs: Sequence[PlannedJob], console: Console) -> list[Estimate]:
    """Return what each job will take, one after the other on this machine."""
    works = [_work(job.config) for job in jobs]
    measured = {
        works[place]: _seconds_per_epoch(jobs[place].config)
        for place in counted(_chosen(works), "calibrating", console)
    }
    return [_estimate(job.config, work, measured) for job, work in zip(jobs, works, strict=True)]


def _work(config: Config) -> tuple[float, int]:
    """Return what decides how long an epoch takes: multiplications, and steps."""
    dataset = data.load(config.dataset)
    examples = len(dataset.inputs)
    batch = examples if isinstance(config.batch_size, str) else config.batch_size
    parameters = sizes_of(plan_of(architecture_of(config, dataset))).parameters
    return float(parameters) * examples, -(-examples // batch)


def _chosen(works: Sequence[tuple[float, int]]) -> list[int]:
    """Return the places of the jobs to calibrate, evenly from the one with the least work to that with the most."""
    order = sorted({work: place for place, work in enumerate(works)}.items())
    picked = np.unique(np.linspace(0, len(order) - 1, min(_CALIBRATIONS, len(order))).round().astype(int))
    return [order[place][1] for place in picked]


def _seconds_per_epoch(config: Config) -> float:
    """Return how long an epoch takes of as many seeds as are trained at a time."""
    dataset = data.load(config.dataset)
    compile_kernels(config, dataset, lambda _: None)
    epochs = 1
    while True:
        short = replace(config, epochs=epochs, seeds=config.seeds[: _workers(config)])
        started = time.perf_counter()
        ReplicatesTraining(short, dataset).run([])
        seconds = time.perf_counter() - started
        if seconds >= _LEAST_SECONDS or epochs >= _MOST_EPOCHS:
            return seconds / epochs
        epochs *= 4


def _workers(config: Config) -> int:
    return config.workers or available_cores()


def _estimate(config: Config, work: tuple[float, int], measured: dict[tuple[float, int], float]) -> Estimate:
    nearest = min(measured, key=lambda other: abs(np.log(other[0] / work[0])) + abs(np.log(other[1] / work[1])))
    rounds = -(-len(config.seeds) // _workers(config))
    training = config.epochs * rounds * measured[nearest] * work[0] / nearest[0]
    points = config.epochs * _CURVES * (len(config.seeds) + 1)
    return Estimate(training + _SECONDS_PER_JOB, _BYTES_PER_JOB + _BYTES_PER_POINT * points + _checkpoints(config))


def _checkpoints(config: Config) -> int:
    """Return the bytes of all checkpoints: parameters and the optimizer's state, in the folder and as artifacts."""
    if config.checkpoint["every"] is None:
        return 0
    network = Network(architecture_of(config, data.load(config.dataset)), config.dtype)
    state = 0 if is_minimiser(config.optimizer["name"]) else Descent.optimizer(config, network).state.nbytes
    return 2 * len(config.seeds) * (network.parameters.nbytes + state)
