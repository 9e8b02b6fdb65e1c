"""What notebooks and scripts call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from nnlab import data, tracking
from nnlab.composition import compose
from nnlab.console import new_console
from nnlab.design import completed
from nnlab.jobs.job import Job, run_job
from nnlab.network import Gradients, Network
from nnlab.training.replicate import ReplicateTraining
from nnlab.training.result import Result
from nnlab.training.shared_examples import SharedExamples

if TYPE_CHECKING:
    import pandas as pd

_Value = TypeVar("_Value")


def train(overrides: Sequence[str] = ()) -> Result:
    """Train one configuration for each of its seeds, with progress, and return the result.

    Args:
        overrides: as on the command line, for example ["dataset=moons", "seeds=10"]. Nothing is recorded or
            written unless one of them is about `tracking`, for example "tracking=mlflow".

    Raises:
        NnlabError: a key, a value or the data are not as they must be.
    """
    records = any(override.startswith("tracking") for override in overrides)
    config = compose(overrides if records else [*overrides, "tracking=none"])
    return run_job(config, Job(overrides), new_console())


def train_each(overrides: Sequence[str], key: str, values: Iterable[_Value]) -> dict[_Value, Result]:
    """Train one configuration for each value of a key, one after the other, and return the results by value.

    Args:
        overrides: of all trainings, as for `train`.
        key: that is varied, such as "learning_rate".
        values: of the key.

    Raises:
        NnlabError: as `train`.
    """
    return {value: train([*overrides, f"{key}={value}"]) for value in values}


def untrained_network(overrides: Sequence[str] = (), seed: int = 0) -> Network:
    """Return the network of a configuration with its initial weights, sized and scaled for its data set."""
    return _untrained(overrides, seed).network


def first_gradients(overrides: Sequence[str] = (), seed: int = 0) -> Gradients:
    """Return the gradient that a configuration starts with: of the mean loss of all training examples as one batch.

    It is that of the initial weights, without dropout; batch normalisation takes its mean and variance from the batch.
    """
    untrained = _untrained(overrides, seed)
    inputs, targets = (
        values[untrained.split.train] for values in (untrained.dataset.inputs, untrained.dataset.targets)
    )
    return untrained.network.loss_and_gradients(inputs, targets, training=True)[1]


def _untrained(overrides: Sequence[str], seed: int) -> ReplicateTraining:
    config = compose(overrides)
    dataset = data.load(config.dataset)
    config = completed(config, dataset)
    return ReplicateTraining(config, dataset, SharedExamples.of(dataset, config.dtype), seed)


def results(experiment: str = "nnlab", condition: str = "", *, finished_only: bool = True) -> pd.DataFrame:
    """Return the recorded runs of an experiment as one frame, a row per seed; see `nnlab.tracking.read_results`.

    Args:
        experiment: its name in MLflow.
        condition: which runs, for example "params.activation = 'relu' and metrics.test_accuracy > 0.9".
        finished_only: leave out runs that go on, failed or were killed.

    Raises:
        TrackingError: the store cannot be read, or has no such experiment.
    """
    return tracking.read_results(tracking.store_uri(), experiment, condition, finished_only=finished_only)
