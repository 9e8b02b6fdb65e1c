"""The learning rate and the momentum of each update of one epoch."""

from __future__ import annotations

import numpy as np

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.errors import ConfigurationError
from nnlab.kernels.structures import Optimizer
from nnlab.schema import Config
from nnlab.training.schedule import Course, learning_rates
from nnlab.updates import momentum_key

CONSTANT = "constant"


def of_epoch(optimizer: Optimizer, config: Config, course: Course) -> Optimizer:
    """Return the optimizer, whose state goes on, with the rates and momenta of an epoch."""
    rates = learning_rates(config.learning_rate, config.schedule, config.warm_up_epochs, course)
    return optimizer._replace(learning_rates=rates, momenta=_momenta(config, course))


def _momenta(config: Config, course: Course) -> np.ndarray:
    """Return the momentum of each update, or nothing where the optimizer has none or it stays."""
    name, settings = Piece.of(config.momentum_schedule)
    if name == CONSTANT:
        return np.zeros(0)
    schedule = registry.piece("nnlab.training.momentum_schedule", name)
    momenta: np.ndarray = schedule.momenta(course, _own_momentum(config), **settings)
    return momenta


def check_momentum_schedule(config: Config) -> None:
    """Refuse a momentum schedule for an optimizer without momentum, or with a lower one than it needs.

    Raises:
        ConfigurationError: it does not fit.
    """
    _momenta(config, Course(epoch=0, steps=1, epochs=1))


def _own_momentum(config: Config) -> float:
    name = config.optimizer["name"]
    key = momentum_key(name)
    if key is None:
        raise ConfigurationError(
            f"momentum_schedule={config.momentum_schedule['name']} needs an optimizer with a momentum, "
            f"but optimizer={name} has none"
        )
    return float(config.optimizer[key])
