"""Epochs with regularisers: the order in which they act against the reference, each alone against PyTorch."""

from __future__ import annotations

import math
from copy import deepcopy

import agreement
import naive
import numpy as np
import pytest
from kernel_cases import DTYPES, TOLERANCE, data_for, draw_of, mixed, naive_training, network_of
from naive import regularisers as references
from optimizer_cases import OPTIMIZERS
from pytorch_twin import PytorchTwin
from regulariser_cases import SETTINGS, PytorchRegulariser

from nnlab import registry
from nnlab.architecture import Piece
from nnlab.kernels import entry_points
from nnlab.network import Network
from nnlab.updates import optimizer_of

BATCH, EXAMPLES = 7, 24  # the last of four batches is smaller


def trained(
    network: Network, optimizer: str, rates: np.ndarray, regularisers: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Train one epoch without noise; return the raw inputs and targets."""
    inputs, targets = data_for(network, EXAMPLES)
    keys = registry.piece("nnlab.kernels.optimizer", optimizer).PARAMETERS
    settings = dict(zip(keys, OPTIMIZERS[optimizer], strict=True))
    rule = optimizer_of(network.parameters, Piece(optimizer, settings), rates, regularisers=regularisers)
    entry_points.train_epoch(
        network.model,
        network.workspace(BATCH),
        network.examples(inputs, targets),
        np.arange(EXAMPLES),
        network.objective,
        rule,
        draw_of(),
        BATCH,
        np.zeros(2, np.int64),
    )
    return inputs, targets


def naively_trained(network: Network, optimizer: str, rates: np.ndarray, chosen: dict[str, float]) -> naive.Training:
    """Return the naive twin after the same epoch, each step with the regularisers in their order."""
    training = naive_training(network, optimizer, BATCH)
    training.state = [[0.0] * training.slots for _ in network.parameters]
    examples = network.examples(*data_for(network, EXAMPLES))
    for step, rate in enumerate(rates.tolist()):
        batch = range(EXAMPLES)[step * BATCH : (step + 1) * BATCH]
        masks = naive.training_masks(training.layers, len(batch), training.key, 0, step)
        gradients = deepcopy(training.layers)
        naive.assign(gradients, training.measure(examples, batch, masks)[2])
        for name in (name for name in references.BEFORE if name in chosen):
            references.BEFORE[name](training.layers, gradients, rate, chosen[name])
        training.update(naive.flat_parameters(gradients), rate, step + 1)
        for name in (name for name in references.AFTER if name in chosen):
            references.AFTER[name](training.layers, gradients, rate, chosen[name])
    return training


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_all_act_in_the_order_of_their_stages(optimizer: str, dtype: str) -> None:
    network = network_of(mixed(0.2), "mean_squared_error", dtype)
    rates = np.array([0.2, 0.1, 0.05, 0.1])
    training = naively_trained(network, optimizer, rates, SETTINGS)
    trained(network, optimizer, rates, dict(reversed(SETTINGS.items())))
    np.testing.assert_allclose(network.parameters, naive.flat_parameters(training.layers), **TOLERANCE[dtype])


def test_none_of_them_acts_where_all_are_off() -> None:
    with_none, without = (network_of(mixed(), "mean_squared_error", "float64") for _ in range(2))
    trained(with_none, "adam", np.full(4, 0.1), dict.fromkeys(SETTINGS))
    trained(without, "adam", np.full(4, 0.1), {})
    assert np.array_equal(with_none.parameters, without.parameters)


@pytest.mark.parametrize("name", SETTINGS)
def test_pytorch_trains_the_same(name: str) -> None:
    network = network_of(mixed(), "mean_squared_error", "float64")
    twin, rate = PytorchTwin(network), 0.05
    regulariser = PytorchRegulariser(name, twin)
    optimizer = regulariser.optimizer(name, rate)
    before = network.parameters.copy()
    rates = np.full(math.ceil(EXAMPLES / BATCH), rate)
    inputs, targets = trained(network, "adam" if name == "weight_decay" else "momentum", rates, {name: SETTINGS[name]})
    for start in range(0, EXAMPLES, BATCH):
        optimizer.zero_grad()
        loss = twin.loss(inputs[start : start + BATCH], targets[start : start + BATCH])
        (loss + regulariser.penalty()).backward()
        regulariser.before()
        optimizer.step()
        regulariser.after()
    moved = np.linalg.norm(twin.flat_parameters - before)
    error = float(np.linalg.norm(network.parameters - twin.flat_parameters) / moved)
    assert agreement.note(error, regulariser=name) < 1e-10
