"""A ReLU network and its twin of Maxout units with two pieces, the first of which is 0."""

import numpy as np

import nnlab
from nnlab import Network, data
from nnlab.composition import compose

EXAMPLES = 100


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the largest differences of outputs, loss and gradients, and the share of hidden units that give 0."""
    dataset = data.load(compose(overrides).dataset)
    x, y = dataset.inputs[:EXAMPLES], dataset.targets[:EXAMPLES].argmax(axis=1)
    relu = nnlab.untrained_network([*overrides, "activation=relu", "initialisation.bias=0.1"], seed)
    maxout = nnlab.untrained_network([*overrides, "activation=maxout"], seed)
    make_twin(relu, maxout)
    (loss, gradients), (other_loss, others) = (network.loss_and_gradients(x, y) for network in (relu, maxout))
    pairs = [*zip(gradients.weights, others.weights, strict=True), *zip(gradients.biases, others.biases, strict=True)]
    return {
        "output_gap": abs(relu.predict(x) - maxout.predict(x)).max(),
        "loss_gap": abs(loss - other_loss),
        "gradient_gap": max(abs(one - live(other, one.shape)).max() for one, other in pairs),
        "share_of_zeros": share_of_zeros(relu, x),
    }


def make_twin(relu: Network, maxout: Network) -> None:
    """Give the second of each unit's pieces the numbers of the ReLU unit, and the first zeros."""
    arrays = zip([*relu.weights, *relu.biases], [*maxout.weights, *maxout.biases], strict=True)
    for own, pieces in arrays:
        pieces[:] = 0
        live(pieces, own.shape)[:] = own


def live(pieces: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a view of every second column, which has the shape of the ReLU layer; all of a layer without pieces."""
    return pieces if pieces.shape == shape else pieces[..., 1::2]


def share_of_zeros(network: Network, x: np.ndarray) -> float:
    """Return the share of 0 among the activations of the last hidden layer."""
    place = network.plan.operations[-2].source  # what the last layer takes
    values = network.values_of(x)[place.offset * len(x) : (place.offset + place.width) * len(x)]
    return float((values == 0).mean())
