"""Numerical differentiation: the same gradient as backpropagation, and as a loop that measures the loss anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnlab
from nnlab.architecture import Architecture, Dense, Piece
from nnlab.errors import ConfigurationError, DataError
from nnlab.network import Network

EXAMPLES = 7


def network_of(loss: str = "softmax_cross_entropy", dtype: str = "float64", **first: Any) -> Network:
    layers = (Dense(4, Piece("tanh"), **first), Dense(3, Piece("prelu", {"slopes": "shared", "init": 0.2})), Dense(2))
    score = "right_answers" if loss == "softmax_cross_entropy" else "squared_error"
    network = Network(Architecture(3, layers, Piece(loss), score=score), dtype)
    return network.initialise("xavier", np.random.default_rng(0), bias=0.1)


def examples() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=(EXAMPLES, 3)), rng.dirichlet([1, 1], EXAMPLES)


def relative_error(comp: np.ndarray, ref: np.ndarray) -> float:
    return float(np.linalg.norm(comp - ref) / np.linalg.norm(ref))


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "mean_squared_error"])
def test_it_gives_the_gradient_of_backpropagation(loss: str) -> None:
    network, (x, y) = network_of(loss), examples()
    assert relative_error(nnlab.numerical_gradient(network, x, y), network.loss_and_gradient(x, y)[1]) < 1e-8


def test_it_is_the_difference_of_two_losses_of_each_parameter() -> None:
    network, (x, y), step = network_of(), examples(), 0.01
    before = network.parameters.copy()
    comp = nnlab.numerical_gradient(network, x, y, step=step)
    assert network.parameters.tolist() == before.tolist()
    for place in range(before.size):
        network.parameters[:] = before
        network.parameters[place] += step
        above = network.loss_and_gradients(x, y)[0]
        network.parameters[place] = before[place] - step
        ref = (above - network.loss_and_gradients(x, y)[0]) / (2 * step)
        assert comp[place] == pytest.approx(ref, rel=1e-9, abs=1e-12)


def test_threads_change_no_bit() -> None:
    network, (x, y) = network_of(), examples()
    one, three, more = (nnlab.numerical_gradient(network, x, y, workers=workers) for workers in (1, 3, 50))
    assert one.tobytes() == three.tobytes() == more.tobytes()


def test_the_network_itself_is_never_moved() -> None:
    """Threads move parameters of their own: another one that reads the network meanwhile sees it as it is."""
    network, (x, y) = network_of(), examples()
    network.parameters.setflags(write=False)
    assert nnlab.numerical_gradient(network, x, y).shape == network.parameters.shape


def test_noise_has_no_part_in_it() -> None:
    network, (x, y) = network_of(noise=(Piece("bernoulli", {"rate": 0.5, "scaling": "inverted"}),)), examples()
    comp = nnlab.numerical_gradient(network, x, y)
    assert comp.tobytes() == nnlab.numerical_gradient(network, x, y).tobytes()
    assert relative_error(comp, network.loss_and_gradient(x, y)[1]) < 1e-8


def test_the_two_gradients_of_a_network_are_the_same_numbers() -> None:
    network, (x, y) = network_of(), examples()
    (loss, gradients), (same, flat) = network.loss_and_gradients(x, y), network.loss_and_gradient(x, y)
    assert loss == same
    assert flat[: network.sizes.weights].tolist() == [each for w in gradients.weights for each in w.ravel()]
    assert flat.size == network.parameters.size


def test_what_it_cannot_do_is_refused() -> None:
    x, y = examples()
    with pytest.raises(ConfigurationError, match="dtype=float32 is not allowed"):
        nnlab.numerical_gradient(network_of(dtype="float32"), x, y)
    with pytest.raises(ConfigurationError, match="step=0 is not allowed"):
        nnlab.numerical_gradient(network_of(), x, y, step=0)
    with pytest.raises(ConfigurationError, match="workers=0 is not allowed"):
        nnlab.numerical_gradient(network_of(), x, y, workers=0)
    with pytest.raises(DataError, match="this network takes"):
        nnlab.numerical_gradient(network_of(), x[:, :2], y)
