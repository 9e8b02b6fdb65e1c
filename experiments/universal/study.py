"""How many hidden units a network needs to fit a function to within a tolerance, in one hidden layer or in several."""

import numpy as np

from nnlab.approximation.fitting import best_fit
from nnlab.approximation.networks import relu_network
from nnlab.approximation.targets import Target, target_of

UNITS = (6, 9, 12, 18, 24, 36, 48, 72, 96, 144, 192, 288, 384, 576, 768, 1152)  # in all layers; multiples of three
NEXT = 1.5  # what counts where the last of them are too few: at least half as many again


def measure(
    overrides: list[str],  # noqa: ARG001
    seed: int,
    *,
    target: str,
    layers: int,
    tolerance: float,
    starts: int,
    most: int,
) -> dict[str, float]:
    """Return the fewest hidden units with which the best of some fits is nowhere farther off than the tolerance.

    units: in all hidden layers, of `UNITS` up to `most`; parameters: of that network; reached: 1, or 0 if none fits.
    """
    function, generator = target_of(target), np.random.default_rng(seed)
    for units in (each for each in UNITS if each <= most):
        error, parameters = fitted(function, [units // layers] * layers, generator, starts, tolerance)
        if error <= tolerance:
            return {"units": units, "parameters": parameters, "reached": 1}
    return {"units": NEXT * units, "parameters": NEXT * parameters, "reached": 0}


def fitted(
    function: Target, widths: list[int], generator: np.random.Generator, starts: int, enough: float
) -> tuple[float, int]:
    """Return the largest error of the best fit of a network, and how many parameters it has."""
    network = relu_network(widths, function.inputs)
    return best_fit(network, function, generator, starts, enough), network.parameters.size
