"""Fits of a network to a function, and the best of several.

A fit lowers the mean squared error by L-BFGS. What counts in the end is the largest error, as statements on what
networks can fit are about that; it is measured between the points of the fit, too.
"""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from nnlab.approximation.networks import start
from nnlab.approximation.targets import Target, target_of
from nnlab.kernels import entry_points
from nnlab.network import NO_NOISE, Network
from nnlab.training.minimiser import lbfgs

ITERATIONS = 1000  # of L-BFGS, at most
_SETTINGS = {key: parameter.default for key, parameter in lbfgs.PARAMETERS.items()}


def fit(network: Network, target: Target, iterations: int = ITERATIONS) -> None:
    """Lower the mean squared error of a network on the points of a function, from the parameters that it has."""
    points = target.points
    examples = network.examples(points, target.function(points)[:, None])
    call = (
        network.model,
        network.workspace(len(points)),
        examples,
        np.arange(len(points)),
        network.objective,
        NO_NOISE,
    )

    def loss_and_gradient(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        network.parameters[:] = parameters
        sums = entry_points.loss_and_gradients(*call)
        return sums.loss / sums.weight, call[1].gradients.copy()

    with threadpool_limits(1):  # threads of SciPy's algebra take ten times as long for so few parameters
        found = lbfgs.iterates(loss_and_gradient, network.parameters.copy(), iterations, lambda: False, **_SETTINGS)
    if found:
        network.parameters[:] = found[-1]


def largest_error(network: Network, target: Target) -> float:
    """Return the largest |network - function| on the finer points."""
    points = target.finer_points
    return float(np.abs(network.predict(points)[:, 0] - target.function(points)).max())


def best_fit(
    network: Network, target: Target, generator: np.random.Generator, starts: int, enough: float = 0.0
) -> float:
    """Leave in a network the fit with the lowest largest error, of several from random starts; return that error.

    Args:
        network: of `maxout_unit` or `relu_network`.
        target: what to fit.
        generator: draws the starts.
        starts: how many, at most.
        enough: no further start is tried where the error is no larger.
    """
    best, lowest = network.parameters.copy(), np.inf
    for _ in range(starts):
        start(network, generator)
        fit(network, target)
        error = largest_error(network, target)
        if error < lowest:
            best, lowest = network.parameters.copy(), error
        if lowest <= enough:
            break
    network.parameters[:] = best
    return lowest


def fitted(network: Network, target: str, seed: int = 0, starts: int = 8) -> Network:
    """Return a network after the best of several fits has been left in it.

    Fits of a maxout unit take milliseconds, and more of them end far from the best: 40 are no luxury there.

    Args:
        network: of `maxout_unit` or `relu_network`.
        target: name of a function of as many numbers as the network takes, of `nnlab.approximation.targets`.
        seed: decides where fits start.
        starts: how many.
    """
    best_fit(network, target_of(target), np.random.default_rng(seed), starts)
    return network
