"""Each optimizer against its reference and, in float64, against PyTorch's."""

from __future__ import annotations

import agreement
import naive
import numpy as np
import pytest
from kernel_cases import DTYPES, TOLERANCE
from optimizer_cases import OPTIMIZERS, pytorch_optimizer

from nnlab import registry
from nnlab.kernels.structures import MEMORY
from nnlab.updates import momentum_key

PACKAGE = "nnlab.kernels.optimizer"
STEPS = 9  # radam begins to trust its second moments at the sixth


def test_all_optimizers_are_tested() -> None:
    assert set(OPTIMIZERS) == set(registry.pieces(PACKAGE)) == set(naive.OPTIMIZERS)


def gradients_of(size: int, dtype: str) -> np.ndarray:
    return np.random.default_rng(4).normal(0, 1, (STEPS, size)).astype(dtype)


def trajectory(name: str, start: np.ndarray, gradients: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return the parameters after each step, (steps, parameters)."""
    rule = registry.piece(PACKAGE, name)
    parameters, state = start.copy(), np.zeros((rule.SLOTS, start.size), start.dtype)
    memory, settings = np.zeros(MEMORY), np.array(OPTIMIZERS[name])
    visited = []
    for step, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        rule.update(parameters, gradient, state, memory, rate, step, settings)
        visited.append(parameters.copy())
    return np.array(visited)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 3, 17])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_with_a_rate_that_changes(name: str, size: int, dtype: str) -> None:
    start, gradients = np.linspace(-1, 1, size).astype(dtype), gradients_of(size, dtype)
    rates = np.resize([0.1, 0.05, 0.2, 0.01, 0.1], STEPS)
    comp = trajectory(name, start, gradients, rates)
    slots = registry.piece(PACKAGE, name).SLOTS
    for i in range(size):
        w, state = float(start[i]), [0.0] * slots
        for step in range(STEPS):
            g, rate = float(gradients[step, i]), float(rates[step])
            w, state = naive.OPTIMIZERS[name](w, g, state, rate, step + 1, OPTIMIZERS[name])
            np.testing.assert_allclose(comp[step, i], w, **TOLERANCE[dtype])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_pytorch_takes_the_same_steps(name: str) -> None:
    torch = pytest.importorskip("torch")
    start, gradients = np.linspace(-1, 1, 17), gradients_of(17, "float64")
    parameter = torch.tensor(start, requires_grad=True)
    optimizer = pytorch_optimizer(torch, name, [parameter])
    ref = []
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        ref.append(parameter.detach().numpy().copy())
    comp = trajectory(name, start, gradients, np.full(STEPS, OPTIMIZERS[name][0]))
    assert agreement.note(float(np.linalg.norm(comp - ref) / np.linalg.norm(ref)), optimizer=name) < 1e-10


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_dead_gradients_only_let_parameters_decay_and_nan_is_kept(name: str, dtype: str) -> None:
    start, keys = np.linspace(-1, 1, 9).astype(dtype), list(registry.piece(PACKAGE, name).PARAMETERS)
    decay = OPTIMIZERS[name][keys.index("weight_decay")] if "weight_decay" in keys else 0.0
    decayed = start * np.dtype(dtype).type(1 - 0.5 * decay)
    assert np.array_equal(trajectory(name, start, np.zeros((1, 9), dtype), np.array([0.5]))[0], decayed)
    assert np.all(np.isnan(trajectory(name, start, np.full((1, 9), np.nan, dtype), np.ones(1))))


def test_a_momentum_schedule_finds_its_setting() -> None:
    keys = {name: momentum_key(name) for name in OPTIMIZERS}
    assert {name for name, key in keys.items() if key == "momentum"} == {"momentum", "nesterov"}
    adams = {"adam", "amsgrad", "radam", "adamw", "nadam", "lion"}
    assert {name for name, key in keys.items() if key == "beta1"} == adams
    assert all(key is None or key in registry.piece(PACKAGE, name).PARAMETERS for name, key in keys.items())
