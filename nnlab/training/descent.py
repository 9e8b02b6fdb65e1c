"""Epochs of a training by gradient descent: each is one call of a compiled kernel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnlab.architecture import Piece
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Examples, Optimizer, Sums, Workspace
from nnlab.network import Network
from nnlab.schema import Config
from nnlab.training import streams
from nnlab.training.rates import of_epoch
from nnlab.training.schedule import Course
from nnlab.training.scoring import ValidationLosses
from nnlab.training.seed_examples import batches_of
from nnlab.training.state import TrainingState
from nnlab.updates import optimizer_of


class Descent:
    """The training of one seed by an optimizer of the kernels."""

    def __init__(self, config: Config, seed: int, workspace: Workspace, examples: Examples) -> None:
        self._config, self._seed = config, seed
        self._workspace, self._examples = workspace, examples
        key = streams.philox_key(seed, "masks")
        self._draw = Draw(training=True, random=True, key_low=int(key[0]), key_high=int(key[1]), epoch=0, step=0)

    @staticmethod
    def optimizer(config: Config, network: Network) -> Optimizer:
        """Return the optimizer at its start; its rates come with each epoch."""
        return optimizer_of(
            network.parameters, Piece.of(config.optimizer), np.zeros(0), regularisers=config.regularisation
        )

    def epochs(self, rows: np.ndarray, control: np.ndarray, state: TrainingState) -> Iterator[Sums]:
        """Train one epoch after the other, from where the state stands; yield what was measured on the way."""
        batch_size, steps = batches_of(rows.size, self._config.batch_size)
        while state.optimizer is not None:
            epoch = len(state.history)
            course = Course(epoch, steps, self._config.epochs, ValidationLosses(state.history))
            yield entry_points.train_epoch(
                state.network.model,
                self._workspace,
                self._examples,
                streams.generator(self._seed, "order", epoch + 1).permutation(rows),
                state.network.objective,
                of_epoch(state.optimizer, self._config, course),
                self._draw._replace(epoch=epoch),
                batch_size,
                control,
            )
