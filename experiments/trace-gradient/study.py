"""f = x^2 + y^2 as the loss of a network: x and y are biases, each the only output of a head with the target 0."""

import numpy as np

from nnlab.architecture import Architecture, Dense, Piece
from nnlab.network import Network

POINT = np.array([1.0, 3.0])
STEP, DIRECTIONS = 1e-4, 3600


def measure(_overrides: list[str], _seed: int) -> dict[str, float]:
    """Return the value and the gradient at POINT, and the direction of the fastest growth in degrees."""
    value, gradient = value_and_gradient(POINT)
    degrees = np.arange(DIRECTIONS) * 360 / DIRECTIONS
    angles = np.radians(degrees)
    steps = STEP * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    grown = [value_and_gradient(POINT + step)[0] for step in steps]
    return {
        "value": value,
        "gradient_x": gradient[0],
        "gradient_y": gradient[1],
        "direction": degrees[np.argmax(grown)],
    }


def value_and_gradient(point: np.ndarray) -> tuple[float, np.ndarray]:
    """Return f and its gradient (2,): the loss of an example is the sum over its heads."""
    sum_of_squares = Architecture(1, (Dense(2),), Piece("mean_squared_error"), score="squared_error", heads=(1, 1))
    network = Network(sum_of_squares, "float64")
    network.biases[0][:] = point
    loss, gradients = network.loss_and_gradients([[0.0]], [[0.0, 0.0]])
    return loss, gradients.biases[0]
