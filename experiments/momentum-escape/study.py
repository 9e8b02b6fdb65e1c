"""Does a walk arrive at the lowest point, past a small local minimum or a plateau? A seed is a start."""

from functools import cache

import numpy as np

from nnlab.landscapes import descend, landscape

SLOPES = {"double_well": (1.0, 3.0), "plateau": (2.0, 4.0)}  # starts: from the local minimum, the flat, up the hill
UPDATES = 500
NEAR = 0.1  # the lowest point: the walk has arrived
AT_A_TIME = 1000  # seeds
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)  # that are tried where the rate is tuned
TUNING = 1  # the seeds for it: 1000 to 1999


def measure(overrides: list[str], seed: int, where: str, *, tuned: bool = False) -> dict[str, float]:
    """Return 1 if the walk from the start of that seed ends near the lowest point, 0 if not, and if it diverges."""
    chosen = [*overrides, f"learning_rate={best_rate(tuple(overrides), where)}"] if tuned else overrides
    block, place = divmod(seed, AT_A_TIME)
    return {"arrived": float(arrived(tuple(chosen), where, block)[place])}


@cache
def best_rate(overrides: tuple[str, ...], where: str) -> float:
    """Return the rate with which most walks from other starts arrive."""
    return max(RATES, key=lambda rate: arrived((*overrides, f"learning_rate={rate}"), where, TUNING).sum())


@cache
def arrived(overrides: tuple[str, ...], where: str, block: int) -> np.ndarray:
    """Tell which walks arrive, of those from the starts of a thousand seeds."""
    ground, seeds = landscape(where), range(block * AT_A_TIME, (block + 1) * AT_A_TIME)
    starts = [np.random.default_rng(seed).uniform(*SLOPES[where]) for seed in seeds]
    ends = descend(ground, overrides, starts, UPDATES).points[-1]
    return np.all(abs(ends - ground.lowest) < NEAR, axis=-1)
