"""nnlab: statements about fully connected neural networks, made testable.

import nnlab

result = nnlab.train(["dataset=moons", "activation=tanh", "seeds=10"])
result.summary                      # a pandas frame, a row per seed
result.history                      # a row per seed and epoch
result.network(seed=0).predict([[0.5, 0.0]])
nnlab.train_each(["dataset=moons"], "width", [4, 16, 64])   # a result for each width
nnlab.untrained_network(["depth=4"]).weights
nnlab.first_gradients(["depth=4"]).weights          # before training, a matrix for each layer
nnlab.save_network(result.network(seed=0), "moons.npz")
nnlab.load_network("moons.npz")     # also from a checkpoint
nnlab.numerical_gradient(network, inputs, targets)    # two forward passes per parameter, to check the other one
nnlab.results()                     # recorded runs in one frame, a row per seed
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnlab.api import first_gradients, results, train, train_each, untrained_network
    from nnlab.differentiation import numerical_gradient
    from nnlab.network import Network
    from nnlab.network_file import load_network, save_network

__all__ = [
    "Network",
    "first_gradients",
    "load_network",
    "numerical_gradient",
    "results",
    "save_network",
    "train",
    "train_each",
    "untrained_network",
]
_MODULES = {  # the others: api
    "Network": "network",
    "load_network": "network_file",
    "numerical_gradient": "differentiation",
    "save_network": "network_file",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that `import nnlab` and the command line start at once."""
    if name in __all__:
        return getattr(importlib.import_module(f"nnlab.{_MODULES.get(name, 'api')}"), name)
    raise AttributeError(f"module 'nnlab' has no attribute '{name}'")
