"""One unit with two inputs under dropout: what its sub-networks give, and what the scaled network does."""

import numpy as np

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.network import Network

DROPPED = Piece("bernoulli", {"rate": 0.5, "scaling": "weights"})
SAMPLES = 200  # of which each sub-network is a quarter
FINEST = 1 / 16  # numbers of so few bits that sums of products have no rounding error


def measure(_overrides: list[str], seed: int) -> dict[str, float]:
    """Return how many sub-networks there are, and how far their mean is from the scaled network."""
    generator = np.random.default_rng(seed)
    x, w = (FINEST * generator.choice(np.arange(1, 64), 2, replace=False) for _ in range(2))
    b = FINEST * generator.integers(1, 64)
    of_unit, scaled = sub_networks(unit("linear", w, b), x), unit("linear", w, b).predict([x])[0, 0]
    halved = unit("linear", w / 2, b, dropped=False).predict([x])[0, 0]
    sigmoid = unit("sigmoid", w / 4, -1.0)
    return {
        "sub_networks": len(of_unit),
        "gap": abs(of_unit.mean() - scaled),
        "gap_to_halved_weights": abs(of_unit.mean() - halved),
        "gap_of_sigmoid": abs(sub_networks(sigmoid, x).mean() - sigmoid.predict([x])[0, 0]),
    }


def unit(activation: str, w: np.ndarray, b: float, *, dropped: bool = True) -> Network:
    """Return one unit with weights (2,) and a bias."""
    layer = Dense(1, Piece(activation), noise=(DROPPED,) if dropped else ())
    network = Network(Architecture(2, (layer,), Piece("mean_squared_error"), score="squared_error"), "float64")
    network.weights[0][:], network.biases[0][:] = w[:, None], b
    return network


def sub_networks(network: Network, x: np.ndarray) -> np.ndarray:
    """Return what each sub-network gives, each once: the numbers of their samples differ."""
    return np.unique(network.sample_predictions([x], SAMPLES))
