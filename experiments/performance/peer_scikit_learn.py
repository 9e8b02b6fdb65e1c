"""scikit-learn's MLPClassifier, with its default BLAS threads.

`partial_fit` on the whole data is one shuffled epoch in batches, and the only way to go on epoch by epoch
with the optimizer's state: `fit` with `warm_start` runs the same loop but starts Adam and momentum anew.
It checks its input once an epoch. With two classes it has one output where the other peers have two.
"""

from __future__ import annotations

import numpy as np
from networks import ADAM_BETAS, ADAM_EPSILON, MOMENTUM, Data, Network, first_layers
from peers import Trainer
from sklearn.neural_network import MLPClassifier

ACTIVATIONS = {"sigmoid": "logistic", "relu": "relu", "tanh": "tanh"}


def prepare(network: Network, data: Data) -> Trainer:
    """Return a warm trainer of the network."""
    model = _model(network)
    classes = np.arange(network.sizes[-1])

    def train() -> float:
        model.partial_fit(data.x, data.y, classes=classes)
        return float(model.loss_)

    train()  # it allocates the weights, which scikit-learn draws in its own way whatever the activation
    for weights, biases, (first_weights, first_biases) in zip(
        model.coefs_, model.intercepts_, first_layers(network), strict=True
    ):
        weights[...] = first_weights[:, : weights.shape[1]]
        biases[...] = first_biases[: len(biases)]
    return train


def _model(network: Network) -> MLPClassifier:
    return MLPClassifier(
        hidden_layer_sizes=network.sizes[1:-1],
        activation=ACTIVATIONS[network.activation],
        solver="adam" if network.optimizer == "adam" else "sgd",
        alpha=0.0,
        batch_size=network.batch_size,
        learning_rate_init=network.learning_rate,
        momentum=MOMENTUM if network.optimizer == "momentum" else 0.0,
        nesterovs_momentum=False,
        beta_1=ADAM_BETAS[0],
        beta_2=ADAM_BETAS[1],
        epsilon=ADAM_EPSILON,
        tol=0.0,
        n_iter_no_change=10**9,
        random_state=0,
    )
