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
_L2 = "l2"
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
        "regularisation": (not set(config.regularisation) <= {_L2}, f"takes its own steps; only {_L2} goes with it"),
        f"normalisation={config.normalisation['name']}": (_has_statistics(config), "evaluates the loss many times"),
        f"schedule={config.schedule['name']}": (config.schedule["name"] != "constant", "finds its own step lengths"),
        "warm_up_epochs": (config.warm_up_epochs > 0, "finds its own step lengths"),
        "resume": (config.resume is not None, "keeps its state in SciPy, out of reach"),
    }
    for what, (is_refused, why) in refused.items():
        if is_refused:
            raise ConfigurationError(f"optimizer={name} does not go with {what}: it {why}")


def _has_statistics(config: Config) -> bool:
    """Tell whether the normalisation remembers every batch that it has seen."""
    name = config.normalisation["name"]
    return name != NONE and hasattr(registry.piece("nnlab.kernels.normalisation", name), "start_statistics")


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
            penalty, gradient = self._penalty(state.network, parameters)
            return sums.loss / sums.weight + penalty, self._workspace.gradients + gradient

        def is_asked_to_stop() -> bool:  # asked after each iteration, which is what progress counts
            control[entry_points.STEPS_DONE] += 1
            return bool(control[entry_points.STOP])

        start = state.network.parameters.copy()
        for parameters in iterates(loss_and_gradient, start, self._config.epochs, is_asked_to_stop, **settings):
            yield self._evaluated(state.network, parameters, rows)

    def _penalty(self, network: Network, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """Return l2 / 2 times the sum of the squared weights, and its gradient (parameters,)."""
        l2, gradient = self._config.regularisation.get(_L2, 0.0), np.zeros_like(parameters)
        weights = parameters[: network.model.weights]
        gradient[: weights.size] = l2 * weights
        return l2 / 2 * float(weights @ weights), gradient

    def _evaluated(self, network: Network, parameters: np.ndarray, rows: np.ndarray) -> Sums:
        """Leave the gradient of the loss at some parameters in the workspace."""
        network.parameters[:] = parameters
        call = (network.model, self._workspace, self._examples, rows, network.objective, _FULL_BATCH)
        sums: Sums = entry_points.loss_and_gradients(*call)
        return sums
