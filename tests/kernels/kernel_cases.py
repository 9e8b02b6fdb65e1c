"""What the tests of the kernels share: networks with random parameters, their naive twins, tolerances."""

from __future__ import annotations

import math
from typing import Any

import naive
import numba
import numpy as np
from hypothesis import settings

from nnlab import registry
from nnlab.architecture import Architecture, Dense
from nnlab.kernels.structures import Draw, Optimizer
from nnlab.network import ExampleScaling, Network

JIT = not numba.config.DISABLE_JIT  # without it kernels are plain Python loops, so cases must be small
DTYPES = ("float32", "float64")
TOLERANCE = {"float32": {"rtol": 2e-4, "atol": 2e-5}, "float64": {"rtol": 1e-11, "atol": 1e-13}}
KEY = np.array([0x12345678, 0x9ABCDEF0], np.uint32)

ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "linear": ("linear", {}),
    "relu": ("relu", {}),
    "leaky_relu": ("leaky_relu", {"slope": 0.1}),
    "sigmoid": ("sigmoid", {}),
    "tanh": ("tanh", {}),
    "maxout2": ("maxout", {"pieces": 2}),
    "maxout3": ("maxout", {"pieces": 3}),
}
LOSSES = ("mean_squared_error", "softmax_cross_entropy")
OPTIMIZERS: dict[str, list[float]] = {
    "sgd": [0.1],
    "momentum": [0.05, 0.9],
    "nesterov": [0.05, 0.9],
    "adagrad": [0.05, 1e-10],
    "rmsprop": [0.01, 0.95, 1e-8],
    "adadelta": [1.0, 0.9, 1e-6],
    "adam": [0.01, 0.9, 0.999, 1e-8],
    "amsgrad": [0.01, 0.9, 0.8, 1e-8],  # second moments that soon fall again
    "radam": [0.01, 0.9, 0.95, 1e-8],  # trusts them from the sixth step on
}
DEPTHS: dict[int, tuple[int, ...]] = {1: (), 2: (7,), 5: (5, 1, 9, 3)}  # layers: widths of the hidden ones

# As plain Python, NumPy warns of what compiled code does silently: to go on with infinity and NaN.
silently = np.errstate(over="ignore", invalid="ignore")
properties = settings(deadline=None, max_examples=60 if JIT else 10, database=None, derandomize=True)


def stack(activation: str, depth: int, outputs: int = 3) -> tuple[Dense, ...]:
    """Return layers of one activation with odd widths; the outputs are linear."""
    hidden = [Dense(width, *ACTIVATIONS[activation]) for width in DEPTHS[depth]]
    return (*hidden, Dense(outputs))


def mixed(dropout: float = 0.0) -> tuple[Dense, ...]:
    """Return five layers, each with another activation, all with dropout on their inputs."""
    chosen = [ACTIVATIONS[name] for name in ("maxout3", "tanh", "leaky_relu", "maxout2")]
    hidden = [Dense(width, *each, dropout) for width, each in zip(DEPTHS[5], chosen, strict=True)]
    return (*hidden, Dense(3, "sigmoid", dropout=dropout))


def network_of(
    layers: tuple[Dense, ...], loss: str, dtype: str, inputs: int = 5, dropout_scaling: str = "inverted"
) -> Network:
    """Return a network with random weights and biases, and random scalings of inputs and targets."""
    classification = loss == "softmax_cross_entropy"
    architecture = Architecture(inputs, layers, loss, classification, dropout_scaling=dropout_scaling)
    rng = np.random.default_rng(len(layers))
    network = Network(architecture, dtype, _random_scaling(architecture, rng))
    for weights, biases in zip(network.weights, network.biases, strict=True):
        weights[:] = rng.normal(0, 1 / math.sqrt(len(weights)), weights.shape)
        biases[:] = rng.normal(0, 0.3, biases.shape)
    return network


def data_for(network: Network, examples: int) -> tuple[np.ndarray, np.ndarray]:
    """Return raw inputs (examples, features) and targets (examples, outputs), one-hot for classes."""
    rng = np.random.default_rng(examples)
    inputs, outputs = network.architecture.inputs, network.architecture.outputs
    x = rng.normal(0, 2, (examples, inputs)).astype(network.dtype)
    if network.architecture.classification:
        return x, np.eye(outputs, dtype=network.dtype)[rng.integers(outputs, size=examples)]
    return x, rng.normal(0, 1, (examples, outputs)).astype(network.dtype)


def naive_layers(network: Network) -> list[naive.Layer]:
    """Return the naive twin of a network."""
    return [
        naive.Layer(
            weights.astype(float).tolist(),
            biases.astype(float).tolist(),
            layer.activation,
            layer.parameter,
            layer.pieces,
            1.0 - layer.dropout,
            network.architecture.dropout_scaling == "inverted",
        )
        for layer, weights, biases in zip(network.architecture.layers, network.weights, network.biases, strict=True)
    ]


def naive_training(network: Network, optimizer: str = "sgd", batch_size: int = 1) -> naive.Training:
    """Return the naive twin of a network in training."""
    architecture = network.architecture
    slots = registry.piece("nnlab.kernels.optimizer", optimizer).SLOTS
    settings, key = OPTIMIZERS[optimizer], (int(KEY[0]), int(KEY[1]))
    return naive.Training(
        naive_layers(network),
        architecture.loss,
        architecture.classification,
        optimizer,
        settings,
        slots,
        batch_size,
        key,
    )


def optimizer_of(network: Network, name: str, rates: np.ndarray) -> Optimizer:
    """Return an optimizer with its state at the start."""
    package = "nnlab.kernels.optimizer"
    state = np.zeros((registry.piece(package, name).SLOTS, network.parameters.size), network.dtype)
    return Optimizer(registry.code(package, name), np.array(OPTIMIZERS[name]), state, rates)


def pytorch_optimizer(torch: Any, name: str, parameters: list[Any]) -> Any:
    """Return PyTorch's optimizer of the same name and settings; `torch` is the module."""
    rate, *others = OPTIMIZERS[name]
    if name in ("adam", "amsgrad"):
        return torch.optim.Adam(parameters, rate, tuple(others[:2]), others[2], amsgrad=name == "amsgrad")
    return {
        "sgd": lambda: torch.optim.SGD(parameters, rate),
        "momentum": lambda: torch.optim.SGD(parameters, rate, others[0]),
        "nesterov": lambda: torch.optim.SGD(parameters, rate, others[0], nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad(parameters, rate, eps=others[0]),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, rate, *others),
        "adadelta": lambda: torch.optim.Adadelta(parameters, rate, *others),
        "radam": lambda: torch.optim.RAdam(parameters, rate, tuple(others[:2]), others[2]),
    }[name]()


def draw_of(epoch: int = 0, step: int = 0) -> Draw:
    """Return the address of the masks of one step of training."""
    return Draw(True, KEY, epoch, step)


def _random_scaling(architecture: Architecture, rng: np.random.Generator) -> ExampleScaling:
    outputs = architecture.outputs
    shift, scale = rng.normal(0, 1, architecture.inputs), rng.uniform(0.5, 1.5, architecture.inputs)
    if architecture.classification:
        return ExampleScaling(shift, scale, np.zeros(outputs), np.ones(outputs))
    return ExampleScaling(shift, scale, rng.normal(0, 1, outputs), rng.uniform(0.5, 1.5, outputs))
