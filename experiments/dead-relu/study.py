"""How many networks are born dead: constant, as all units of some layer are off for all inputs."""

import numpy as np

import nnlab
from nnlab.composition import compose

NETWORKS = 1000
INPUTS = np.linspace(-np.sqrt(3), np.sqrt(3), 101)[:, np.newaxis]  # as the paper has them


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the share of dead networks among a thousand draws of initial weights, and how far it is below the bound.

    The bound is that of the paper: 1 - (1 - 2^-width)^(depth - 1), as every layer after the first is off with at most
    the probability 2^-width.
    """
    config = compose(overrides)
    network = nnlab.untrained_network(overrides)
    generator = np.random.default_rng(seed)
    settings = {key: value for key, value in config.initialisation.items() if key != "name"}
    dead = 0
    for _ in range(NETWORKS):
        network.initialise(config.initialisation["name"], generator, **settings)
        dead += int(np.ptp(network.predict(INPUTS)) == 0)
    width = network.weights[0].shape[1]
    bound = 1 - (1 - 2.0**-width) ** (len(network.weights) - 2)
    return {"dead": dead / NETWORKS, "below_bound": bound - dead / NETWORKS}
