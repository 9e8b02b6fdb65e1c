"""From how many of 16 scales of the initial weights, 1 to 0.0001, a network learns its training examples."""

from functools import cache

import numpy as np

import nnlab

SCALES = np.logspace(0, -4, num=16)  # standard deviations
ALONE = True  # each call takes all cores
TOGETHER = 10  # seeds that one call trains
LEVELS = {"scales": 0.5, "scales_30": 0.3, "scales_90": 0.9}


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return how many scales reach 50 % (scales), 30 % and 90 % accuracy on the training examples at the end."""
    accuracies = np.array([trained(tuple(overrides), scale, seed // TOGETHER)[seed] for scale in SCALES])
    return {name: float(np.sum(accuracies >= level)) for name, level in LEVELS.items()}


@cache
def trained(overrides: tuple[str, ...], scale: float, block: int) -> dict[int, float]:
    """Return the accuracies by seed of a block of seeds; NaN, which reaches nothing, where training diverged."""
    seeds = ",".join(str(seed) for seed in range(TOGETHER * block, TOGETHER * (block + 1)))
    summary = nnlab.train([*overrides, f"initialisation.std={scale}", f"seeds=[{seeds}]"]).summary
    return dict(zip(summary["seed"], summary["train_accuracy"], strict=True))
