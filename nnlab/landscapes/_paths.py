"""Walks down a landscape: the optimizers and schedules are those that train networks, in float64.

They move every parameter by itself. So the parameters of all starts are one vector, and all paths are taken at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.checks import number, whole
from nnlab.composition import compose
from nnlab.errors import ConfigurationError, unknown_name
from nnlab.jobs.overrides import by_key
from nnlab.kernels.structures import Optimizer
from nnlab.landscapes._landscape import Landscape
from nnlab.schema import Config
from nnlab.training.rates import check_momentum_schedule, of_epoch
from nnlab.training.schedule import Course
from nnlab.updates import optimizer_of

_KEYS = ("optimizer", "learning_rate", "schedule", "warm_up_epochs", "momentum_schedule")
_OPTIMIZERS = "nnlab.kernels.optimizer"
_SLOTS = 3  # vectors that the interface of updates has room for

Starts = float | Sequence[float] | Sequence[Sequence[float]] | np.ndarray


@dataclass(frozen=True)
class Paths:
    """Where the updates lead from each start; a path that diverges goes on with infinity and NaN.

    Attributes:
        landscape: on which they are.
        points: (updates + 1, starts, dimensions), the starts first.
        losses: the landscape's values there, without noise, (updates + 1, starts).
    """

    landscape: Landscape
    points: np.ndarray
    losses: np.ndarray


def descend(
    landscape: Landscape,
    overrides: Sequence[str],
    starts: Starts,
    updates: int,
    noise: float = 0.0,
    seed: int = 0,
) -> Paths:
    """Walk down a landscape from one start or many.

    Args:
        landscape: of `nnlab.landscapes.landscape`.
        overrides: of the optimizer and its rates, as on the command line: ["optimizer=adam", "schedule=cosine"]. What a
            schedule counts in epochs are updates here.
        starts: (dimensions,) or (starts, dimensions); of one parameter also a number, or (starts,).
        updates: how many there are.
        noise: standard deviation of the normal noise on each partial derivative, drawn anew for each update and start.
        seed: of the noise.

    Raises:
        ConfigurationError: a key that is of no use here, or a value that is not allowed.
    """
    config, place = _config(overrides), _starts(starts, landscape)
    scale, generator = number(0)("noise", noise), np.random.default_rng(whole(0)("seed", seed))
    points = np.empty((whole(1)("updates", updates) + 1, *place.shape))
    points[0] = place
    optimizer = optimizer_of(place.reshape(-1), Piece.of(config.optimizer), np.zeros(0))
    with np.errstate(over="ignore", invalid="ignore"):  # paths that diverge
        for update in range(updates):
            gradient = landscape.gradient(place)
            if scale:
                gradient = gradient + scale * generator.standard_normal(gradient.shape)
            rates = of_epoch(optimizer, config, Course(update, 1, updates))
            _move(config.optimizer["name"], rates, place.reshape(-1), gradient.reshape(-1), update + 1)
            points[update + 1] = place
        return Paths(landscape, points, landscape.value(points))


def _config(overrides: Sequence[str]) -> Config:
    """Compose and check the settings of an optimizer and its rates."""
    config = compose(overrides)
    for key in by_key(overrides):
        if key.partition(".")[0] not in _KEYS:
            raise unknown_name("key of a descent", key, _KEYS)
    registry.piece(_OPTIMIZERS, config.optimizer["name"])  # L-BFGS takes steps of its own, not by one gradient
    check_momentum_schedule(config)
    if config.schedule["name"] == "plateau":
        raise ConfigurationError("schedule=plateau does not go with a landscape: there are no validation data")
    return config


def _starts(given: Starts, landscape: Landscape) -> np.ndarray:
    """Return the starts as (starts, dimensions)."""
    dimensions = landscape.dimensions
    try:
        starts = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"starts={given} are not allowed: they must be numbers, as many for each") from error
    if dimensions == 1 and starts.ndim < 2:  # noqa: PLR2004
        starts = starts.reshape(-1, 1)
    if starts.ndim not in (1, 2) or starts.shape[-1] != dimensions or not starts.size:
        raise ConfigurationError(
            f"starts of shape {np.shape(given)} are not allowed: {landscape.name} takes {dimensions} numbers for each"
        )
    if not np.isfinite(starts).all():
        raise ConfigurationError("starts are not allowed: all numbers must be finite")
    return starts.reshape(-1, dimensions)


def _move(name: str, optimizer: Optimizer, parameters: np.ndarray, gradient: np.ndarray, number: int) -> None:
    """Take one step, in place, with the compiled code that networks are trained with."""
    update, settings = registry.piece(_OPTIMIZERS, name).update, optimizer.settings
    if optimizer.momenta.size:
        settings[optimizer.momentum] = optimizer.momenta[0]
    slots = len(optimizer.state)
    state = tuple(optimizer.state[slot] if slot < slots else parameters[:0] for slot in range(_SLOTS))
    update(parameters, gradient, state, optimizer.memory, float(optimizer.learning_rates[0]), number, settings)
