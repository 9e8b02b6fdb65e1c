"""The activations that tests try, with settings, and what PyTorch calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab.architecture import Piece
from nnlab.network import Network

ACTIVATIONS: dict[str, Piece] = {
    "linear": Piece("linear"),
    "relu": Piece("relu"),
    "leaky_relu": Piece("leaky_relu", {"slope": 0.1}),
    "relu6": Piece("relu6"),
    "prelu": Piece("prelu", {"slopes": "shared", "init": 0.25}),
    "prelu_per_unit": Piece("prelu", {"slopes": "per_unit", "init": 0.1}),
    "elu": Piece("elu", {"alpha": 0.7}),
    "selu": Piece("selu"),
    "softplus": Piece("softplus", {"beta": 2.0}),
    "gelu": Piece("gelu"),
    "gelu_tanh": Piece("gelu_tanh"),
    "silu": Piece("silu"),
    "mish": Piece("mish"),
    "sigmoid": Piece("sigmoid"),
    "hard_sigmoid": Piece("hard_sigmoid"),
    "tanh": Piece("tanh"),
    "hard_tanh": Piece("hard_tanh"),
    "softsign": Piece("softsign"),
    "sine": Piece("sine", {"frequency": 1.3}),
    "softmax": Piece("softmax"),
    "maxout2": Piece("maxout", {"pieces": 2}),
    "maxout3": Piece("maxout", {"pieces": 3}),
}

# By the name of the piece: (torch, pre-activations (batch, units * pieces), [learned numbers,] settings) -> activations
PYTORCH: dict[str, Callable[..., Any]] = {
    "linear": lambda _, z: z,
    "relu": lambda torch, z: torch.relu(z),
    "leaky_relu": lambda torch, z, slope: torch.nn.functional.leaky_relu(z, slope),
    "relu6": lambda torch, z: torch.nn.functional.relu6(z),
    "prelu": lambda torch, z, learned, **_: torch.nn.functional.prelu(z, learned),
    "elu": lambda torch, z, alpha: torch.nn.functional.elu(z, alpha),
    "selu": lambda torch, z: torch.nn.functional.selu(z),
    "softplus": lambda torch, z, beta: torch.nn.functional.softplus(z, beta, threshold=40),
    "gelu": lambda torch, z: torch.nn.functional.gelu(z),
    "gelu_tanh": lambda torch, z: torch.nn.functional.gelu(z, approximate="tanh"),
    "silu": lambda torch, z: torch.nn.functional.silu(z),
    "mish": lambda torch, z: torch.nn.functional.mish(z),
    "sigmoid": lambda torch, z: torch.sigmoid(z),
    # torch.nn.functional.hardsigmoid takes 1 / 6 in float32 for its slope.
    "hard_sigmoid": lambda torch, z: torch.nn.functional.relu6(z + 3) / 6,
    "tanh": lambda torch, z: torch.tanh(z),
    "hard_tanh": lambda torch, z: torch.nn.functional.hardtanh(z),
    "softsign": lambda torch, z: torch.nn.functional.softsign(z),
    "sine": lambda torch, z, frequency: torch.sin(frequency * z),
    "softmax": lambda torch, z: torch.softmax(z, dim=1),
    "maxout": lambda _, z, pieces: z.reshape(len(z), -1, pieces).max(dim=2).values,
}


def learned_numbers(network: Network, vector: np.ndarray | None = None) -> list[np.ndarray]:
    """Return views of what each activation learns beside its biases, in the parameters or another such vector."""
    numbers = network.parameters if vector is None else vector
    return [
        numbers[row.vector + row.inputs : row.vector + operation.shape.vector]
        for row, operation in zip(network.operations, network.plan.operations, strict=True)
        if operation.kind == "activation"
    ]
