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
from nnlab.architecture import Piece
from nnlab.data import Dataset, Split
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Examples, Workspace
from nnlab.network import EVALUATION_BATCH, NO_NOISE, Network
from nnlab.schema import Config
from nnlab.training import streams
from nnlab.training.checkpoints import Checkpoints, facts_of
from nnlab.training.descent import Descent
from nnlab.training.early_stopping import BestEpoch
from nnlab.training.head_accuracies import head_accuracies
from nnlab.training.minimisation import Minimisation, is_minimiser
from nnlab.training.scoring import Metrics, Scoring, is_finite
from nnlab.training.seed_examples import batches_of, largest_batch, training_examples
from nnlab.training.shared_examples import SharedExamples
from nnlab.training.starting_network import starting_network
from nnlab.training.state import TrainingState

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
    """What one seed works with while it trains."""

    workspace: Workspace
    training: Examples
    measured: Examples


@dataclass
class ReplicateTraining:
    """The training of one seed; `control` is shared with the kernels and with whoever may stop them."""

    config: Config
    dataset: Dataset
    shared: SharedExamples
    seed: int
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    control: np.ndarray = field(default_factory=lambda: np.zeros(2, np.int64))
    is_finished: bool = False

    @property
    def progress(self) -> float:
        """The part of this seed's training that is done, 0 to 1; may be asked from any thread."""
        if self.is_finished or "split" not in self.__dict__:
            return float(self.is_finished)
        return float(self.control[entry_points.STEPS_DONE]) / (self._steps * self.config.epochs)

    def run(self, observers: Sequence[EpochObserver], board: np.ndarray | None = None) -> Replicate:
        """Train until the last epoch, early stopping, divergence, or a stop; the board (BOARD,) is for helpers."""
        start = time.perf_counter()
        state = self._started(observers)
        working = self._allocate(board)  # let go of at the end: a hundred seeds must not hold a hundred workspaces
        epochs = self._engine(working).epochs(self.split.train, self.control, state)
        is_over = self._is_over(state.history)
        self.checkpoints.write_if_due(state, self._facts, is_over=is_over)
        while not is_over:
            sums = next(epochs, None)
            if sums is None or self.control[entry_points.STOP]:
                break
            metrics = self._scoring.metrics("train", sums) | self._evaluated(working, "validation")
            is_over = self._take_note(state, metrics)
            for observe in observers:
                observe(self.seed, len(state.history), metrics)
        state.best.restore(self.network.arrays)
        self.is_finished = True
        return self._finished(working, state, time.perf_counter() - start)

    def _started(self, observers: Sequence[EpochObserver]) -> TrainingState:
        """Return the state at the start, or, of a resumed training, at the end of the epochs of its checkpoint."""
        config = self.config
        optimizer = None if self._is_minimised else Descent.optimizer(config, self.network)
        state = TrainingState(self.network, optimizer, BestEpoch(keeps=config.early_stopping["restore_best"]))
        self.checkpoints.start(state, self.seed)
        self.control[entry_points.STEPS_DONE] = len(state.history) * self._steps
        for epoch, metrics in enumerate(state.history, start=1):
            for observe in observers:
                observe(self.seed, epoch, metrics)
        return state

    def _is_over(self, history: Sequence[Metrics]) -> bool:
        """Tell whether the last epoch is trained, early stopping has struck, or the seed has diverged."""
        if not history:
            return False
        name, settings = Piece.of(self.config.early_stopping)
        is_over = registry.piece("nnlab.training.early_stopping", name).is_over
        return len(history) >= self.config.epochs or not is_finite(history[-1]) or is_over(history, **settings)

    def _take_note(self, state: TrainingState, metrics: Metrics) -> bool:
        """Add an epoch to the state, and write a checkpoint if one is due; tell whether it was the last."""
        state.history.append(metrics)
        if is_finite(metrics):
            state.best.update(len(state.history), metrics["validation_loss"], self.network.arrays)
        is_over = self._is_over(state.history)
        self.checkpoints.write_if_due(state, self._facts, is_over=is_over)
        return is_over

    @cached_property
    def split(self) -> Split:
        """The seed's three disjoint sets of examples."""
        return data.split(self.dataset, self.config.dataset, streams.generator(self.seed, "split"))

    @cached_property
    def network(self) -> Network:
        """The seed's network, at first with its initial weights."""
        return starting_network(self.config, self.dataset, self.split, self.seed)

    @cached_property
    def _scoring(self) -> Scoring:
        return Scoring(self.dataset, self.split, self.network.scaling.target_scale)

    @cached_property
    def _facts(self) -> dict[str, Any]:
        return facts_of(self.config, self.dataset, self.seed)

    @property
    def _steps(self) -> int:
        return batches_of(self.split.train.size, self.config.batch_size)[1]

    @property
    def _is_minimised(self) -> bool:
        return is_minimiser(self.config.optimizer["name"])

    def _allocate(self, board: np.ndarray | None = None) -> Working:
        scaling, config = self.network.scaling, self.config
        return Working(
            workspace=self.network.workspace(largest_batch(config, self.split.train.size), board),
            training=training_examples(config, self.dataset, self.shared, scaling, self.split, self.seed),
            measured=self.shared.scaled(scaling),
        )

    def _engine(self, working: Working) -> Descent | Minimisation:
        if self._is_minimised:
            return Minimisation(self.config, working.workspace, working.training)
        return Descent(self.config, self.seed, working.workspace, working.training)

    def _evaluated(self, working: Working, part: str) -> Metrics:
        sums = entry_points.evaluate(
            self.network.model,
            working.workspace,
            working.measured,
            getattr(self.split, part),
            self.network.objective,
            NO_NOISE,
            EVALUATION_BATCH,
        )
        return self._scoring.metrics(part, sums)

    def _finished(self, working: Working, state: TrainingState, seconds: float) -> Replicate:
        """Score all three parts, the test split for the first and only time."""
        parts = ("train", "validation", "test")
        final = {key: value for part in parts for key, value in self._evaluated(working, part).items()}
        final |= head_accuracies(self.network, self.dataset, self.split)
        diverged = not (is_finite(final) and all(map(is_finite, state.history)))
        return Replicate(
            seed=self.seed,
            network=self.network,
            split=self.split,
            history=state.history,
            final=dict.fromkeys(final, math.nan) if diverged else final,
            best=_best_metrics(state.history, state.best.epoch),
            diverged=diverged,
            seconds=seconds,
        )


def _best_metrics(history: list[Metrics], epoch: int) -> Metrics:
    """Return the epoch and its validation metrics, under names with "best_"; NaN if no epoch was finite."""
    names = [key for metrics in history[:1] for key in metrics if key.startswith("validation")]
    chosen = history[epoch - 1] if epoch else dict.fromkeys(names, math.nan)
    return {"best_epoch": float(epoch) if epoch else math.nan} | {f"best_{key}": chosen[key] for key in names}
