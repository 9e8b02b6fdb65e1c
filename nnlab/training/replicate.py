"""One seed's run: split, initial weights, epochs, final scores."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from nnlab import data, registry
from nnlab.data import Dataset, Split
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Examples, Optimizer
from nnlab.network import EVALUATION_BATCH, NO_MASKS, Network, Scaling
from nnlab.schema import Config
from nnlab.training import streams
from nnlab.training.early_stopping import BestEpoch

Metrics = dict[str, float]
EpochObserver = Callable[[int, int, Mapping[str, float]], None]  # seed, epoch from 1, metrics


@dataclass(frozen=True)
class Replicate:
    """What training one seed gave."""

    seed: int
    network: Network
    split: Split
    history: list[Metrics]  # per epoch: loss and score on train (running mean) and validation
    final: Metrics  # loss and score on train, validation and test, at the end
    best: Metrics  # epoch, loss and score at the lowest validation loss
    diverged: bool
    seconds: float


class Table(NamedTuple):
    """All examples in the dtype of the kernels: one copy, which all seeds share."""

    inputs: np.ndarray  # (examples, features)
    targets: np.ndarray  # (examples, outputs)

    @classmethod
    def of(cls, dataset: Dataset, dtype: str) -> Table:
        """Copy a data set, whose arrays are read-only: kernels are compiled for arrays that are not."""
        return cls(*(np.array(values, dtype, order="C") for values in (dataset.inputs, dataset.targets)))


@dataclass
class ReplicateTraining:
    """The training of one seed; `control` is shared with the kernels and with whoever may stop them."""

    config: Config
    dataset: Dataset
    table: Table
    seed: int
    control: np.ndarray = field(default_factory=lambda: np.zeros(2, np.int64))
    is_finished: bool = False

    @property
    def progress(self) -> float:
        """The part of this seed's training that is done, 0 to 1; may be asked from any thread."""
        if self.is_finished or "split" not in self.__dict__:
            return float(self.is_finished)
        steps = math.ceil(self.split.train.size / self.config.batch_size)
        return float(self.control[entry_points.STEPS_DONE]) / (steps * self.config.epochs)

    def run(self, observers: Sequence[EpochObserver]) -> Replicate:
        """Train until the last epoch, early stopping, divergence, or a request to stop."""
        start = time.perf_counter()
        best = BestEpoch(**self.config.early_stopping)
        history: list[Metrics] = []
        for epoch in range(1, self.config.epochs + 1):
            metrics = self._epoch(epoch)
            if self.control[entry_points.STOP]:
                break
            history.append(metrics)
            for observe in observers:
                observe(self.seed, epoch, metrics)
            if not _all_finite(metrics):
                break
            best.update(epoch, metrics["validation_loss"], self.network.parameters)
            if best.is_over(epoch):
                break
        best.restore(self.network.parameters)
        self.is_finished = True
        return self._finished(history, best, time.perf_counter() - start)

    @cached_property
    def split(self) -> Split:
        """The seed's three disjoint sets of examples."""
        return data.split(self.dataset, self.config.dataset, streams.generator(self.seed, "split"))

    @cached_property
    def network(self) -> Network:
        """The seed's network, at first with its initial weights."""
        architecture = self.config.architecture(self.dataset)
        settings = dict(self.config.initialisation)
        scaling = fitted_scaling(self.dataset, self.config.dataset, self.split)
        network = Network(architecture, self.config.dtype, scaling)
        return network.initialise(settings.pop("name"), streams.generator(self.seed, "initialisation"), **settings)

    @cached_property
    def examples(self) -> Examples:
        """All examples, shared with the other seeds, with this seed's scaling."""
        return self.network.examples(*self.table)

    @cached_property
    def _workspace(self) -> Any:
        return self.network.workspace(max(self.config.batch_size, EVALUATION_BATCH))

    @cached_property
    def _optimizer(self) -> Optimizer:
        name = self.config.optimizer["name"]
        package = "nnlab.kernels.optimizer"
        rule = registry.piece(package, name)
        steps = math.ceil(self.split.train.size / self.config.batch_size)
        return Optimizer(
            rule=registry.code(package, name),
            settings=np.array([self.config.optimizer[key] for key in rule.PARAMETERS]),
            state=np.zeros((rule.SLOTS, self.network.parameters.size), self.network.dtype),
            learning_rates=np.full(steps, self.config.learning_rate),
        )

    def _epoch(self, epoch: int) -> Metrics:
        order = streams.generator(self.seed, "order", epoch).permutation(self.split.train)
        loss, score, seen = entry_points.train_epoch(
            self.network.model,
            self._workspace,
            self.examples,
            order,
            self.network.architecture.objective,
            self._optimizer,
            Draw(training=True, key=self._mask_key, epoch=epoch - 1, step=0),
            self.config.batch_size,
            self.control,
        )
        return self._named("train", loss, score, max(seen, 1)) | self._evaluated("validation")

    @cached_property
    def _mask_key(self) -> np.ndarray:
        return streams.philox_key(self.seed, "masks")

    def _evaluated(self, part: str) -> Metrics:
        chosen = getattr(self.split, part)
        loss, score = entry_points.evaluate(
            self.network.model,
            self._workspace,
            self.examples,
            chosen,
            self.network.architecture.objective,
            NO_MASKS,
            EVALUATION_BATCH,
        )
        return self._named(part, loss, score, chosen.size)

    def _named(self, part: str, loss: float, score: float, count: int) -> Metrics:
        """Turn sums over `count` examples of a part of the split into its mean loss and its score."""
        if self.dataset.task == "classification":
            return {f"{part}_loss": loss / count, f"{part}_accuracy": score / count}
        return {f"{part}_loss": loss / count, f"{part}_r2": 1.0 - score / count / self._variance[part]}

    @cached_property
    def _variance(self) -> Metrics:
        """The variance of the scaled targets in each part of the split: what R^2 compares with."""
        scale = self.network.scaling.target_scale
        parts = {part: self.dataset.targets[getattr(self.split, part)] for part in ("train", "validation", "test")}
        return {part: float((targets * scale).var(axis=0).sum()) for part, targets in parts.items()}

    def _finished(self, history: list[Metrics], best: BestEpoch, seconds: float) -> Replicate:
        """Score all three parts, the test split for the first and only time."""
        final = self._evaluated("train") | self._evaluated("validation") | self._evaluated("test")
        diverged = not (_all_finite(final) and all(map(_all_finite, history)))
        return Replicate(
            seed=self.seed,
            network=self.network,
            split=self.split,
            history=history,
            final=dict.fromkeys(final, math.nan) if diverged else final,
            best=_best_metrics(history, best.epoch),
            diverged=diverged,
            seconds=seconds,
        )


def _best_metrics(history: list[Metrics], epoch: int) -> Metrics:
    """Return the epoch and its validation metrics, under names with "best_"; NaN if no epoch was finite."""
    names = [key for metrics in history[:1] for key in metrics if key.startswith("validation")]
    chosen = history[epoch - 1] if epoch else dict.fromkeys(names, math.nan)
    return {"best_epoch": float(epoch) if epoch else math.nan} | {f"best_{key}": chosen[key] for key in names}


def fitted_scaling(dataset: Dataset, settings: Mapping[str, Any], split: Split) -> Scaling:
    """Fit the scaling of inputs, and of a regression's targets, on the training split alone."""
    inputs = data.fit_scaling(dataset.inputs, split.train, settings["scaling"])
    scales_targets = settings["scale_targets"] and dataset.task == "regression"
    targets = data.fit_scaling(dataset.targets, split.train, "standardise" if scales_targets else "none")
    return Scaling(inputs.shift, inputs.scale, targets.shift, targets.scale)


def _all_finite(metrics: Mapping[str, float]) -> bool:
    return all(math.isfinite(value) for key, value in metrics.items() if key.endswith("loss"))
