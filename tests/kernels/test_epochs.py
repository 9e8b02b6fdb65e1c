"""One epoch of training, and one evaluation, against the references; and how an epoch ends early."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import naive
import numpy as np
import pytest
from activation_cases import ACTIVATIONS
from kernel_cases import (
    DTYPES,
    JIT,
    KEY,
    TOLERANCE,
    data_for,
    draw_of,
    dropout,
    mixed,
    naive_training,
    network_of,
    optimizer_of,
    silently,
    stack,
)
from loss_cases import FEW_LOSSES, LOSSES
from optimizer_cases import OPTIMIZERS

from nnlab.architecture import Dense
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Draw, Examples, Sums
from nnlab.network import NO_NOISE, Network

CASES: dict[str, dict[str, Any]] = {
    "one layer, one example": {"layers": stack("linear", 1), "batch": 1, "examples": 3},
    "input dropout": {
        "layers": (Dense(7, ACTIVATIONS["tanh"], dropout(0.2)), Dense(3, noise=dropout(0.5))),
        "batch": 7,
        "examples": 17,
    },
    "weights scaling": {"layers": mixed(0.3, "weights"), "batch": 32, "examples": 37},
    "five layers": {"layers": stack("maxout2", 5), "batch": 32, "examples": 37},
}


@dataclass
class Run:
    """A network in training on the first of its examples, in an order of its own."""

    network: Network
    examples: Any
    order: np.ndarray
    batch: int
    optimizer: Any
    control: np.ndarray

    def epoch(self, number: int = 0) -> Sums:
        return entry_points.train_epoch(
            self.network.model,
            self.network.workspace(self.batch),
            self.examples,
            self.order,
            self.network.objective,
            self.optimizer,
            draw_of(epoch=number),
            self.batch,
            self.control,
        )


def run_of(network: Network, batch: int, examples: int, optimizer: str = "sgd", epochs_long: int = 1) -> Run:
    inputs, targets = data_for(network, examples + 4)
    order = np.tile(np.random.default_rng(6).permutation(examples + 4)[:examples], epochs_long)
    rates = np.linspace(1, 0.5, math.ceil(order.size / batch)) * OPTIMIZERS[optimizer][0]
    columns = (inputs, targets, np.ones(len(inputs)), *network.scaling)
    raw = (np.ascontiguousarray(values, network.dtype) for values in columns)
    joined = Examples(*raw)  # scaled by the kernel, batch by batch
    return Run(network, joined, order, batch, optimizer_of(network, optimizer, rates), np.zeros(2, np.int64))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", FEW_LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("case", CASES)
def test_two_epochs(case: str, optimizer: str, loss: str, dtype: str) -> None:
    chosen = CASES[case]
    network = network_of(chosen["layers"], loss, dtype)
    training = naive_training(network, optimizer, chosen["batch"])
    run = run_of(network, chosen["batch"], chosen["examples"], optimizer)
    tolerance = TOLERANCE[dtype] if dtype == "float64" else {"rtol": 2e-3, "atol": 2e-4}
    for epoch in range(2):
        ref = training.epoch(run.examples, run.order.tolist(), run.optimizer.learning_rates.tolist(), epoch)
        sums = run.epoch(epoch)
        np.testing.assert_allclose((sums.loss, sums.score, sums.examples), ref, **tolerance)
        assert sums.weight == sums.examples
    np.testing.assert_allclose(network.parameters, naive.flat_parameters(training.layers), **tolerance)
    assert run.control.tolist() == [0, 2 * math.ceil(chosen["examples"] / chosen["batch"])]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("dropout_scaling", ["inverted", "weights"])
@pytest.mark.parametrize("loss", LOSSES)
def test_evaluation(loss: str, dropout_scaling: str, dtype: str) -> None:
    network = network_of(mixed(0.3, dropout_scaling), loss, dtype)
    training, run = naive_training(network), run_of(network, 7, 17)
    objective, before = network.objective, network.parameters.copy()
    comp = entry_points.evaluate(network.model, network.workspace(7), run.examples, run.order, objective, NO_NOISE, 7)
    masks = naive.evaluation_masks(training.layers, 17)
    ref = training.measure(run.examples, run.order, masks)[:2]
    np.testing.assert_allclose((comp.loss, comp.score), ref, **TOLERANCE[dtype])
    assert np.array_equal(network.parameters, before)


def test_right_answers_are_counted_for_any_loss_of_a_classification() -> None:
    network = network_of((Dense(2),), "softmax_cross_entropy", "float64", inputs=2)
    network.weights[0][:], network.biases[0][:] = np.eye(2), 0
    network.scaling.input_shift[:], network.scaling.input_scale[:] = 0, 1
    examples = network.examples(np.array([[1.0, 0], [0, 1], [1, 0], [5, 5]]), np.eye(2)[[0, 1, 1, 0]])
    chosen, objective = np.arange(4), network.objective
    comp = entry_points.evaluate(network.model, network.workspace(4), examples, chosen, objective, NO_NOISE, 4)
    assert comp.score == 3


def test_a_step_does_not_depend_on_the_size_of_the_workspace() -> None:
    parameters = []
    for batch in (7, 50):
        run = run_of(network_of(mixed(0.3), "mean_squared_error", "float32"), 7, 17, "adam")
        run.network.workspace = lambda _, network=run.network, n=batch: Network.workspace(network, n)  # type: ignore[method-assign]
        run.epoch()
        parameters.append(run.network.parameters)
    assert np.array_equal(*parameters)


def test_a_request_to_stop_is_heard_before_the_first_step() -> None:
    run = run_of(network_of(stack("relu", 2), "mean_squared_error", "float32"), 7, 17)
    before = run.network.parameters.copy()
    run.control[entry_points.STOP] = 1
    assert run.epoch() == Sums(0.0, 0.0, 0.0, 0)
    assert np.array_equal(run.network.parameters, before)
    assert run.control[entry_points.STEPS_DONE] == 0


@pytest.mark.skipif(not JIT, reason="threads run side by side only without the GIL")
def test_a_request_to_stop_is_heard_while_a_thread_trains() -> None:
    run = run_of(network_of(stack("tanh", 5), "mean_squared_error", "float32"), 1, 10, epochs_long=300_000)
    thread = threading.Thread(target=run.epoch)
    thread.start()
    while run.control[entry_points.STEPS_DONE] == 0:
        thread.join(0.001)
    run.control[entry_points.STOP] = 1
    thread.join()
    assert 0 < run.control[entry_points.STEPS_DONE] < run.order.size


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("loss", LOSSES)
@silently
def test_a_loss_that_is_not_finite_ends_the_epoch_without_an_update(loss: str, bad: float) -> None:
    run = run_of(network_of((Dense(3),), loss, "float32"), 7, 21)
    run.examples.inputs[run.order[9]] = bad
    sums = run.epoch()
    assert not math.isfinite(sums.loss)
    assert sums.examples == 14
    assert run.control[entry_points.STEPS_DONE] == 1
    assert np.all(np.isfinite(run.network.parameters))


def test_another_key_or_epoch_trains_otherwise() -> None:
    trained = []
    for key, epoch in ((KEY, 0), (KEY, 1), (KEY[::-1], 0)):
        run = run_of(network_of(mixed(0.3), "mean_squared_error", "float64"), 7, 17)
        draw = Draw(True, True, *key, epoch, 0)
        network = run.network
        call = (network.model, network.workspace(7), run.examples, run.order, network.objective)
        entry_points.train_epoch(*call, run.optimizer, draw, 7, run.control)
        trained.append(network.parameters)
    assert not any(np.array_equal(trained[i], trained[j]) for i, j in ((0, 1), (0, 2), (1, 2)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ["nesterov", "adam"])
def test_each_update_has_the_momentum_of_its_schedule(name: str, dtype: str) -> None:
    network = network_of(stack("tanh", 2), "mean_squared_error", dtype)
    training, run = naive_training(network, name, 7), run_of(network, 7, 21, name)
    momenta = np.array([0.0, 0.5, 0.8])
    run.optimizer = run.optimizer._replace(momenta=momenta)
    run.epoch()
    training.state = [[0.0] * training.slots for _ in network.parameters]
    for step, (rate, momentum) in enumerate(zip(run.optimizer.learning_rates, momenta, strict=True)):
        training.settings = [rate, momentum, *OPTIMIZERS[name][2:]]
        rows = run.order[step * 7 : step * 7 + 7]
        _, _, gradient = training.measure(run.examples, rows, naive.evaluation_masks(training.layers, 7))
        training.update(gradient, float(rate), step + 1)
    np.testing.assert_allclose(network.parameters, naive.flat_parameters(training.layers), **TOLERANCE[dtype])
