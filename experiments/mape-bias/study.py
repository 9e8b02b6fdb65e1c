"""How far below the mean of lognormal demand networks predict, and the best constant by their loss."""

from functools import cache

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import norm

import nnlab
from nnlab.composition import compose

INPUTS = np.linspace(-1, 1, 201)[:, np.newaxis]
QUANTILES = 100_001


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return how far a network is below the mean, and the constant that its loss likes best.

    Returns:
        shortfall: log of the sum of true means over that of the predictions, at 201 inputs; 0 where the network
            predicts the mean, and near 0.1 where it predicts a tenth less; NaN where it predicts less than nothing.
        best_constant: for targets of which the median is 1.
    """
    noise = compose(overrides).dataset["noise"]
    predictions = nnlab.train([*overrides, f"seeds=[{seed}]"]).network(seed).predict(INPUTS)
    ratio = np.exp(1 + INPUTS + noise**2 / 2).sum() / predictions.sum()
    return {
        "shortfall": float(np.log(ratio)) if ratio > 0 else np.nan,
        "best_constant": best_constant(tuple(overrides), noise),
    }


@cache
def best_constant(overrides: tuple[str, ...], noise: float) -> float:
    """Return the constant of the lowest mean loss, by the kernels, over many quantiles of a lognormal distribution."""
    targets = np.exp(noise * norm.ppf((np.arange(QUANTILES) + 0.5) / QUANTILES))[:, np.newaxis]
    network = nnlab.untrained_network(overrides)
    network.parameters[:] = 0

    def loss(constant: float) -> float:
        network.biases[-1][:] = constant
        return float(network.loss_and_gradients(np.zeros_like(targets), targets)[0])

    return float(minimize_scalar(loss, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-6}).x)
