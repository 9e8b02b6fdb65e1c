"""What the tests of the kernels share: networks with random parameters, their naive twins, tolerances."""

from __future__ import annotations

import math

import naive
import numba
import numpy as np
from activation_cases import ACTIVATIONS, learned_numbers
from hypothesis import settings
from loss_cases import LOSSES
from measuring import KEY
from optimizer_cases import OPTIMIZERS

from nnlab import registry
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.kernels.structures import Draw, Optimizer
from nnlab.network import ExampleScaling, Network
from nnlab.updates import optimizer_of as at_start

JIT = not numba.config.DISABLE_JIT  # without it kernels are plain Python loops, so cases must be small
DTYPES = ("float32", "float64")
TOLERANCE = {"float32": {"rtol": 2e-4, "atol": 2e-5}, "float64": {"rtol": 1e-11, "atol": 1e-13}}

DEPTHS: dict[int, tuple[int, ...]] = {1: (), 2: (7,), 5: (5, 1, 9, 3)}  # layers: widths of the hidden ones

# As plain Python, NumPy warns of what compiled code does silently: to go on with infinity and NaN.
silently = np.errstate(over="ignore", invalid="ignore")
properties = settings(deadline=None, max_examples=60 if JIT else 10, database=None, derandomize=True)


def stack(activation: str, depth: int, outputs: int = 3) -> tuple[Dense, ...]:
    """Return layers of one activation with odd widths; the outputs are linear."""
    hidden = [Dense(width, ACTIVATIONS[activation]) for width in DEPTHS[depth]]
    return (*hidden, Dense(outputs))


def dropout(rate: float, scaling: str = "inverted") -> tuple[Piece, ...]:
    """Return dropout of a layer's inputs."""
    return (Piece("bernoulli", {"rate": rate, "scaling": scaling}),) if rate else ()


def mixed(rate: float = 0.0, scaling: str = "inverted") -> tuple[Dense, ...]:
    """Return five layers, each with another activation, all with dropout on their inputs."""
    chosen = [ACTIVATIONS[name] for name in ("maxout3", "tanh", "leaky_relu", "maxout2")]
    noise = dropout(rate, scaling)
    hidden = [Dense(width, activation, noise) for width, activation in zip(DEPTHS[5], chosen, strict=True)]
    return (*hidden, Dense(3, ACTIVATIONS["sigmoid"], noise))


def score_of(loss: str) -> str:
    """Return the score that goes with a loss of the table."""
    tasks = registry.piece("nnlab.kernels.loss", LOSSES[loss].name).TASKS
    return "right_answers" if tasks == ("classification",) else "squared_error"


def network_of(layers: tuple[Dense, ...], loss: str, dtype: str, inputs: int = 5) -> Network:
    """Return a network with random weights and biases, and random scalings of inputs and targets."""
    architecture = Architecture(inputs, layers, LOSSES[loss], score_of(loss))
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
    layers = zip(network.architecture.layers, network.weights, network.biases, learned_numbers(network), strict=True)
    return [
        naive.Layer(
            weights.astype(float).tolist(),
            biases.astype(float).tolist(),
            layer.activation.name,
            dict(layer.activation.settings),
            *_keep_and_scaling(layer),
            learned.astype(float).tolist(),
        )
        for layer, weights, biases, learned in layers
    ]


def _keep_and_scaling(layer: Dense) -> tuple[float, bool]:
    for noise in layer.noise:
        return 1.0 - noise.settings["rate"], noise.settings["scaling"] == "inverted"
    return 1.0, True


def naive_training(network: Network, optimizer: str = "sgd", batch_size: int = 1) -> naive.Training:
    """Return the naive twin of a network in training."""
    architecture = network.architecture
    slots = registry.piece("nnlab.kernels.optimizer", optimizer).SLOTS
    return naive.Training(
        naive_layers(network),
        architecture.loss.name,
        dict(architecture.loss.settings),
        architecture.classification,
        optimizer,
        OPTIMIZERS[optimizer],
        slots,
        batch_size,
        KEY,
    )


def optimizer_of(network: Network, name: str, rates: np.ndarray) -> Optimizer:
    """Return an optimizer of the table with its state at the start."""
    keys = registry.piece("nnlab.kernels.optimizer", name).PARAMETERS
    return at_start(network.parameters, Piece(name, dict(zip(keys, OPTIMIZERS[name], strict=True))), rates)


def draw_of(epoch: int = 0, step: int = 0) -> Draw:
    """Return the address of the masks of one step of training."""
    return Draw(True, True, *KEY, epoch, step)


def _random_scaling(architecture: Architecture, rng: np.random.Generator) -> ExampleScaling:
    outputs = architecture.outputs
    shift, scale = rng.normal(0, 1, architecture.inputs), rng.uniform(0.5, 1.5, architecture.inputs)
    if architecture.classification:
        return ExampleScaling(shift, scale, np.zeros(outputs), np.ones(outputs))
    return ExampleScaling(shift, scale, rng.normal(0, 1, outputs), rng.uniform(0.5, 1.5, outputs))
