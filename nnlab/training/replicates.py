"""Train all seeds of a configuration in parallel threads; the number of threads does not change a bit of the result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nnlab.data import Dataset
from nnlab.design import architecture_of
from nnlab.kernels import entry_points
from nnlab.schema import Config
from nnlab.table import buffer_size, plan_of
from nnlab.training.checkpoints import Checkpoints
from nnlab.training.helpers import Helpers, available_cores, spare_workers
from nnlab.training.replicate import EpochObserver, Replicate, ReplicateTraining
from nnlab.training.seed_examples import largest_batch
from nnlab.training.shared_examples import SharedExamples


class ReplicatesTraining:
    """The training of all seeds of one configuration."""

    def __init__(self, config: Config, dataset: Dataset, checkpoints: Checkpoints | None = None) -> None:
        self.config, self.dataset = config, dataset
        shared, chosen = SharedExamples.of(dataset, config.dtype), checkpoints or Checkpoints()
        self.trainings = [ReplicateTraining(config, dataset, shared, seed, chosen) for seed in config.seeds]

    @property
    def progress(self) -> float:
        """The part of all training that is done, 0 to 1; may be asked from any thread."""
        return sum(training.progress for training in self.trainings) / len(self.trainings)

    def run(self, observers: Sequence[EpochObserver]) -> list[Replicate]:
        """Train all seeds; the observers are called from their threads after each epoch.

        An exception in one seed, or Ctrl-C, stops the others within a step and is raised here.
        """
        workers = self.config.workers or available_cores()
        helpers = self._helpers(workers)
        # Threads of a BLAS in each of the seeds' threads would wait for each other, and change the bits of a product.
        with threadpool_limits(1), ThreadPoolExecutor(workers, "seed") as pool:
            trainings = [pool.submit(_train, training, observers, helpers) for training in self.trainings]
            # A worker comes to help when no seed is left to begin with.
            helping = [pool.submit(helpers.help, trainings) for _ in range(spare_workers(self.config))]
            tasks: Iterable[Future[Any]] = (*trainings, *helping)
            try:
                for future in as_completed(tasks):
                    future.result()
            except BaseException:
                self._stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [training.result() for training in trainings]

    def _helpers(self, workers: int) -> Helpers:
        config, dtype = self.config, np.dtype(self.config.dtype)
        batch = largest_batch(config, len(self.dataset.inputs))
        size = buffer_size(plan_of(architecture_of(config, self.dataset)), batch, dtype)
        return Helpers(min(workers, len(self.trainings)), size, dtype)

    def _stop(self) -> None:
        for training in self.trainings:
            training.control[entry_points.STOP] = 1


def _train(training: ReplicateTraining, observers: Sequence[EpochObserver], helpers: Helpers) -> Replicate:
    with helpers.board() as board:
        return training.run(observers, board)
