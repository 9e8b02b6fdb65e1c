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
from nnlab.kernels.structures import Draw, Examples, Optimizer, Workspace
from nnlab.network import EVALUATION_BATCH, NO_MASKS, ExampleScaling, Network
from nnlab.schema import Config
from nnlab.training import streams
from nnlab.training.early_stopping import BestEpoch
from nnlab.training.scoring import Metrics, Scoring, is_finite
from nnlab.training.shared_examples import SharedExamples

_OPTIMIZERS = "nnlab.kernels.optimizer"
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


class Working(NamedTuple):
    """What kernels work with while one seed trains."""

    workspace: Workspace
    examples: Examples
    optimizer: Optimizer
    mask_key: np.ndarray


@dataclass
class ReplicateTraining:
    """The training of one seed; `control` is shared with the kernels and with whoever may stop them."""

    config: Config
    dataset: Dataset
    shared: SharedExamples
    seed: int
    control: np.ndarray = field(default_factory=lambda: np.zeros(2, np.int64))
    is_finished: bool = False

    @property
    def progress(self) -> float:
        """The part of this seed's training that is done, 0 to 1; may be asked from any thread."""
        if self.is_finished or "split" not in self.__dict__:
            return float(self.is_finished)
        return float(self.control[entry_points.STEPS_DONE]) / (self._steps * self.config.epochs)

    def run(self, observers: Sequence[EpochObserver]) -> Replicate:
        """Train until the last epoch, early stopping, divergence, or a request to stop."""
        start = time.perf_counter()
        working = self._allocate()  # let go of at the end: a hundred seeds must not hold a hundred workspaces
        best = BestEpoch(**self.config.early_stopping)
        history: list[Metrics] = []
        for epoch in range(1, self.config.epochs + 1):
            metrics = self._epoch(working, epoch)
            if self.control[entry_points.STOP]:
                break
            history.append(metrics)
            for observe in observers:
                observe(self.seed, epoch, metrics)
            if not is_finite(metrics):
                break
            best.update(epoch, metrics["validation_loss"], self.network.parameters)
            if best.is_over(epoch):
                break
        best.restore(self.network.parameters)
        self.is_finished = True
        return self._finished(working, history, best, time.perf_counter() - start)

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
    def _scoring(self) -> Scoring:
        return Scoring(self.dataset, self.split, self.network.scaling.target_scale)

    @property
    def _steps(self) -> int:
        return math.ceil(self.split.train.size / self.config.batch_size)

    def _allocate(self) -> Working:
        return Working(
            workspace=self.network.workspace(max(self.config.batch_size, EVALUATION_BATCH)),
            examples=self.shared.scaled(self.network.scaling),
            optimizer=self._optimizer(),
            mask_key=streams.philox_key(self.seed, "masks"),
        )

    def _optimizer(self) -> Optimizer:
        name = self.config.optimizer["name"]
        rule = registry.piece(_OPTIMIZERS, name)
        return Optimizer(
            rule=registry.code(_OPTIMIZERS, name),
            settings=np.array([self.config.optimizer[key] for key in rule.PARAMETERS]),
            state=np.zeros((rule.SLOTS, self.network.parameters.size), self.network.dtype),
            learning_rates=np.full(self._steps, self.config.learning_rate),
        )

    def _epoch(self, working: Working, epoch: int) -> Metrics:
        order = streams.generator(self.seed, "order", epoch).permutation(self.split.train)
        loss, score, seen = entry_points.train_epoch(
            self.network.model,
            working.workspace,
            working.examples,
            order,
            self.network.architecture.objective,
            working.optimizer,
            Draw(training=True, key=working.mask_key, epoch=epoch - 1, step=0),
            self.config.batch_size,
            self.control,
        )
        trained = self._scoring.metrics("train", loss, score, max(seen, 1))
        return trained | self._evaluated(working, "validation")

    def _evaluated(self, working: Working, part: str) -> Metrics:
        chosen = getattr(self.split, part)
        loss, score = entry_points.evaluate(
            self.network.model,
            working.workspace,
            working.examples,
            chosen,
            self.network.architecture.objective,
            NO_MASKS,
            EVALUATION_BATCH,
        )
        return self._scoring.metrics(part, loss, score, chosen.size)

    def _finished(self, working: Working, history: list[Metrics], best: BestEpoch, seconds: float) -> Replicate:
        """Score all three parts, the test split for the first and only time."""
        parts = ("train", "validation", "test")
        final = {key: value for part in parts for key, value in self._evaluated(working, part).items()}
        diverged = not (is_finite(final) and all(map(is_finite, history)))
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


def fitted_scaling(dataset: Dataset, settings: Mapping[str, Any], split: Split) -> ExampleScaling:
    """Fit the scaling of inputs, and of a regression's targets, on the training split alone."""
    inputs = data.fit_scaling(dataset.inputs, split.train, settings["scaling"])
    scales_targets = settings["scale_targets"] and dataset.task == "regression"
    targets = data.fit_scaling(dataset.targets, split.train, "standardise" if scales_targets else "none")
    return ExampleScaling(inputs.shift, inputs.scale, targets.shift, targets.scale)
