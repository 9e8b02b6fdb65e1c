"""What a sweep will take: time from a short calibration, room on disk from what a run writes."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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
_LEAST_SECONDS = 0.2  # by which a calibration takes longer than its first epoch
_MOST_EPOCHS = 64
_FORWARD = 1 / 3  # of a step, which goes through an example forward, backward, and to the gradients
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


class _Work(NamedTuple):
    """What decides how long an epoch takes."""

    multiplications: float
    steps: int


class _Measured(NamedTuple):
    """Seconds of as many seeds as are trained at a time."""

    start: float  # of all but epochs: splits, initial weights, the last scores
    epoch: float


def estimates(jobs: Sequence[PlannedJob], console: Console) -> list[Estimate]:
    """Return what each job will take, one after the other on this machine."""
    works = [_work(job.config) for job in jobs]
    measured = {works[place]: _measure(jobs[place].config) for place in counted(_chosen(works), "calibrating", console)}
    return [_estimate(job.config, work, measured) for job, work in zip(jobs, works, strict=True)]


def _work(config: Config) -> _Work:
    dataset = data.load(config.dataset)
    train, validation, _ = data.split_sizes(dataset, config.dataset)
    batch = train if isinstance(config.batch_size, str) else config.batch_size
    parameters = sizes_of(plan_of(architecture_of(config, dataset))).parameters
    return _Work(parameters * (train + _FORWARD * validation), -(-train // batch))


def _chosen(works: Sequence[_Work]) -> list[int]:
    """Return the places of the jobs to calibrate, evenly from the one with the least work to that with the most."""
    order = sorted({work: place for place, work in enumerate(works)}.items())
    picked = np.unique(np.linspace(0, len(order) - 1, min(_CALIBRATIONS, len(order))).round().astype(int))
    return [order[place][1] for place in picked]


def _measure(config: Config) -> _Measured:
    """Train some seeds for one epoch, and then for more: what these take longer, epochs take."""
    compile_kernels(config, data.load(config.dataset), lambda _: None)
    first, epochs = _seconds(config, 1), 2
    while (longer := _seconds(config, epochs) - first) < _LEAST_SECONDS and epochs < _MOST_EPOCHS:
        epochs *= 2
    epoch = max(longer, 0.0) / (epochs - 1)
    return _Measured(max(first - epoch, 0.0), epoch)


def _seconds(config: Config, epochs: int) -> float:
    """Return how long so many epochs take of as many seeds as are trained at a time."""
    short = replace(config, epochs=epochs, seeds=config.seeds[: _workers(config)])
    training = ReplicatesTraining(
        short, data.load(config.dataset)
    )  # the first one copies the data, for all that follow
    started = time.perf_counter()
    training.run([])
    return time.perf_counter() - started


def _workers(config: Config) -> int:
    return config.workers or available_cores()


def _estimate(config: Config, work: _Work, measured: Mapping[_Work, _Measured]) -> Estimate:
    nearest = min(measured, key=lambda other: _distance(other, work))
    rounds = -(-len(config.seeds) // _workers(config))
    epoch = measured[nearest].epoch * work.multiplications / nearest.multiplications
    training = rounds * (measured[nearest].start + config.epochs * epoch)
    points = config.epochs * _CURVES * (len(config.seeds) + 1)
    return Estimate(training + _SECONDS_PER_JOB, _BYTES_PER_JOB + _BYTES_PER_POINT * points + _checkpoints(config))


def _distance(one: _Work, other: _Work) -> float:
    return sum(abs(math.log(a / b)) for a, b in zip(one, other, strict=True))


def _checkpoints(config: Config) -> int:
    """Return the bytes of all checkpoints: parameters and the optimizer's state, in the folder and as artifacts."""
    if config.checkpoint["every"] is None:
        return 0
    network = Network(architecture_of(config, data.load(config.dataset)), config.dtype)
    state = 0 if is_minimiser(config.optimizer["name"]) else Descent.optimizer(config, network).state.nbytes
    return 2 * len(config.seeds) * (network.parameters.nbytes + state)
