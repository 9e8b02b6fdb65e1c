"""Descent on a bowl with noisy gradients: the loss after all updates, and what it is expected to be."""

from functools import cache

import numpy as np

from nnlab.composition import compose
from nnlab.landscapes import descend, landscape
from nnlab.training.schedule import Course, learning_rates

BOWL = landscape("quadratic")
START, NOISE, WALKS = (-7.0, 2.0), 1.0, 4000
RATES = np.geomspace(0.001, 0.95, 60)  # of which a tuned one is; from 1 on, descent on this bowl diverges


def measure(overrides: list[str], seed: int, *, updates: int = 1000, tuned: bool = False) -> dict[str, float]:
    """Return the mean loss over walks of one seed's noise, and its distance from the expected one, in parts of that."""
    chosen = (*overrides, f"learning_rate={best_rate(tuple(overrides), updates)}") if tuned else tuple(overrides)
    walks = descend(BOWL, chosen, np.tile(START, (WALKS, 1)), updates, NOISE, seed)
    loss = walks.losses[-1].mean()
    return {"loss": loss, "gap": loss / expected_loss(rates_of(chosen, updates)) - 1}


@cache
def best_rate(overrides: tuple[str, ...], updates: int) -> float:
    """Return the rate at the start with which the expected loss is lowest."""
    factors = rates_of((*overrides, "learning_rate=1"), updates)
    return min(RATES, key=lambda rate: expected_loss(rate * factors))


@cache
def rates_of(overrides: tuple[str, ...], updates: int) -> np.ndarray:
    """Return the learning rate of each update."""
    config = compose(overrides)
    schedule = (config.learning_rate, config.schedule, config.warm_up_epochs)
    return np.concatenate([learning_rates(*schedule, Course(update, 1, updates)) for update in range(updates)])


def expected_loss(rates: np.ndarray) -> float:
    """Return c / 2 E[w^2], summed over the parameters, after updates w <- (1 - rate c) w - rate NOISE xi, xi ~ N(0, 1).

    All that follows an update multiplies what it has left behind with (1 - rate c)^2: the square of the start, and the
    variance (rate NOISE)^2 of each update.
    """
    loss = 0.0
    for curvature, start in zip(BOWL.settings["curvatures"], START, strict=True):
        shrinking = (1 - rates * curvature) ** 2
        after = np.append(np.cumprod(shrinking[:0:-1])[::-1], 1.0)  # of all later updates
        loss += curvature / 2 * (start**2 * np.prod(shrinking) + np.sum((rates * NOISE) ** 2 * after))
    return float(loss)
