"""Epochs of a training that a minimiser drives: the loss of all training examples as a function of the parameters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.errors import ConfigurationError
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Examples, Sums, Workspace
from nnlab.network import Network
from nnlab.schema import FULL, NONE, Config
from nnlab.training.state import TrainingState

MINIMISERS = "nnlab.training.minimiser"
_FULL_BATCH = Draw(training=True, random=False, key_low=0, key_high=0, epoch=0, step=0)


def is_minimiser(optimizer: str) -> bool:
    """Tell whether an optimizer is one of SciPy's minimisers."""
    return optimizer in registry.pieces(MINIMISERS)


def check_minimiser(config: Config) -> None:
    """Refuse what a minimiser cannot do.

    Raises:
        ConfigurationError: the loss would not be one function of the parameters, or steps would not be its own.
    """
    name = config.optimizer["name"]
    if not is_minimiser(name):
        return
    refused = {
        f"batch_size={config.batch_size}": (config.batch_size != FULL, f"needs batch_size={FULL}"),
        "noise": (_has_noise(config), "cannot minimise a loss that changes from one evaluation to the next"),
        "regularisation": (bool(config.regularisation), "takes steps of its own, on the loss alone"),
        "normalisation=batch": (config.normalisation["name"] not in (NONE, "layer"), "evaluates the loss many times"),
        "schedule": (config.schedule["name"] != "constant" or config.warm_up_epochs > 0, "has no learning rate"),
        "checkpoint": (config.checkpoint["every"] is not None, "keeps its state in SciPy, out of reach"),
        "resume": (config.resume is not None, "keeps its state in SciPy, out of reach"),
    }
    for what, (is_refused, why) in refused.items():
        if is_refused:
            raise ConfigurationError(f"optimizer={name} does not go with {what}: it {why}")


def _has_noise(config: Config) -> bool:
    return any((config.dropout, config.input_dropout, config.dropconnect, config.input_noise))


class Minimisation:
    """The training of one seed by a minimiser: each epoch takes its next iterate."""

    def __init__(self, config: Config, workspace: Workspace, examples: Examples) -> None:
        self._config = config
        self._workspace, self._examples = workspace, examples

    def epochs(self, rows: np.ndarray, control: np.ndarray, state: TrainingState) -> Iterator[Sums]:
        """Put the parameters of one iteration after the other into the network; yield the training loss there."""
        name, settings = Piece.of(self._config.optimizer)
        iterates = registry.piece(MINIMISERS, name).iterates

        def loss_and_gradient(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            sums = self._evaluated(state.network, parameters, rows)
            return sums.loss / sums.weight, self._workspace.gradients.astype(np.float64)

        def is_asked_to_stop() -> bool:
            return bool(control[entry_points.STOP])

        start = state.network.parameters.copy()
        for parameters in iterates(loss_and_gradient, start, self._config.epochs, is_asked_to_stop, **settings):
            control[entry_points.STEPS_DONE] += 1
            yield self._evaluated(state.network, parameters, rows)

    def _evaluated(self, network: Network, parameters: np.ndarray, rows: np.ndarray) -> Sums:
        """Leave the gradient of the loss at some parameters in the workspace."""
        network.parameters[:] = parameters
        call = (network.model, self._workspace, self._examples, rows, network.objective, _FULL_BATCH)
        sums: Sums = entry_points.loss_and_gradients(*call)
        return sums
