"""How the error of a layer, dL/dz over the training examples, grows from layer to layer before training begins."""

import numpy as np

import nnlab
from nnlab import data
from nnlab.composition import compose


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the slope of log |delta| against the number of the hidden layer, counted from the input.

    A layer's delta, averaged over the examples, is the gradient of its biases. Above 0: it shrinks toward the input.
    """
    dataset = data.load(compose(overrides).dataset)
    inputs, targets = dataset.inputs[:1000], dataset.targets[:1000].argmax(axis=1)
    network = nnlab.untrained_network(overrides, seed)
    _, gradients = network.loss_and_gradients(inputs, targets)
    norms = [np.linalg.norm(bias) for bias in gradients.biases[:-1]]
    return {"slope": float(np.polyfit(range(1, len(norms) + 1), np.log(norms), 1)[0])}
