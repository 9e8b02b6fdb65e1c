"""Train all seeds of a configuration in parallel threads; the number of threads does not change a bit of the result."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from threadpoolctl import threadpool_limits

from nnlab.data import Dataset
from nnlab.kernels import entry_points
from nnlab.schema import Config
from nnlab.training.checkpoints import Checkpoints
from nnlab.training.replicate import EpochObserver, Replicate, ReplicateTraining
from nnlab.training.shared_examples import SharedExamples


class ReplicatesTraining:
    """The training of all seeds of one configuration."""

    def __init__(self, config: Config, dataset: Dataset, checkpoints: Checkpoints | None = None) -> None:
        self.config = config
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
        workers = min(self.config.workers or available_cores(), len(self.trainings))
        # Threads of a BLAS in each of the seeds' threads would wait for each other, and change the bits of a product.
        with threadpool_limits(1), ThreadPoolExecutor(workers, "seed") as pool:
            futures = [pool.submit(training.run, observers) for training in self.trainings]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                self._stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return [future.result() for future in futures]

    def _stop(self) -> None:
        for training in self.trainings:
            training.control[entry_points.STOP] = 1


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
