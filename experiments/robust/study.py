"""How far trained models are from the truth, and how far theory says that estimates by a loss scatter."""

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.integrate import quad
from scipy.stats import norm

import nnlab
from nnlab.composition import compose

SETS = 20  # training sets, and models, of one seed
INPUTS = {"line": np.linspace(-1, 1, 201)[:, np.newaxis], "sine": np.linspace(-np.pi, np.pi, 201)[:, np.newaxis]}
TRUTH = {"line": lambda x: 2 * x - 3, "sine": np.sin}
NORMAL, OUTLIERS = ((1.0, 1.0),), ((0.9, 1.0), (0.1, 10.0))  # shares of errors and their standard deviations
FARTHEST = 80.0  # eight standard deviations of outliers


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the error of twenty models, and the efficiency and the variance of estimates by their loss.

    Returns:
        error: the mean over models and inputs of (prediction - truth)^2, without the noise.
        efficiency: of a mean that is estimated by this loss from many normal numbers: the variance of their average in
            parts of the estimate's.
        variance: of such an estimate where 10 % of the numbers have ten times the standard deviation, in units of the
            average's without them.
    """
    name = compose(overrides).dataset["name"]
    seeds = range(SETS * seed, SETS * (seed + 1))
    result = nnlab.train([*overrides, f"seeds=[{','.join(map(str, seeds))}]"])
    truth = TRUTH[name](INPUTS[name])
    errors = [np.mean((result.network(each).predict(INPUTS[name]) - truth) ** 2) for each in seeds]
    return {
        "error": float(np.mean(errors)),
        "efficiency": 1 / variance(tuple(overrides), NORMAL),
        "variance": variance(tuple(overrides), OUTLIERS),
    }


@cache
def variance(overrides: tuple[str, ...], errors: tuple[tuple[float, float], ...]) -> float:
    """Return the variance of an estimate from many numbers, times how many: E psi^2 / (E psi')^2, psi the loss's slope.

    The slope is that of the kernels, at errors in units of their noise. For normal errors of the deviation s,
    E psi' = E [psi e] / s^2. Source: Huber 1964, Robust estimation of a location parameter.
    """
    noise = compose(overrides).dataset["noise"]
    network = nnlab.untrained_network(overrides)
    network.parameters[:] = 0  # so that its output is 0

    def slope(error: float) -> float:
        _, gradients = network.loss_and_gradients([[0.0]], [[-error * noise]])
        return float(gradients.biases[-1][0])

    squared = sum(share * mean(lambda e: slope(e) ** 2, s) for share, s in errors)
    derivative = sum(share * mean(lambda e: slope(e) * e, s) / s**2 for share, s in errors)
    return squared / derivative**2


def mean(function: Callable[[float], float], deviation: float) -> float:
    """Return the mean of a function over normal errors."""
    found, _ = quad(
        lambda e: function(e) * norm.pdf(e, scale=deviation), -FARTHEST, FARTHEST, points=[-2, 2], limit=200
    )
    return float(found)
