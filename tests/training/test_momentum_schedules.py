"""Each momentum schedule against PyTorch's in float64, or against its formula where PyTorch has none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab import registry
from nnlab.checks import check_parameters
from nnlab.errors import ConfigurationError
from nnlab.training.schedule import Course

PACKAGE = "nnlab.training.momentum_schedule"
NAMES = sorted(registry.pieces(PACKAGE))


def momenta(name: str, shape: tuple[int, int], momentum: float, **chosen: float) -> np.ndarray:
    """Return the momenta of a whole training, shape (epochs, steps), asked for epoch by epoch."""
    epochs, steps = shape
    piece = registry.piece(PACKAGE, name)
    given_settings = {key: parameter.default for key, parameter in piece.PARAMETERS.items()} | chosen
    return np.array(
        [piece.momenta(Course(epoch, steps, epochs), momentum, **given_settings) for epoch in range(epochs)]
    )


def pytorch_momenta(count: int, pct_start: float, lowest: float, momentum: float) -> np.ndarray:
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=0.1, momentum=momentum)
    ends = {"base_momentum": lowest, "max_momentum": momentum}
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=count, pct_start=pct_start, **ends)
    visited = []
    for number in range(count):
        visited.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if number < count - 1:
            cycle.step()
    return np.array(visited)


def test_constant() -> None:
    assert np.array_equal(momenta("constant", (4, 3), 0.8), np.full((4, 3), 0.8))


@pytest.mark.parametrize(("pct_start", "lowest"), [(0.0, 0.85), (0.3, 0.85), (0.3, 0.0), (0.61, 0.95), (1.0, 0.5)])
def test_one_cycle_is_pytorchs_per_update(pct_start: float, lowest: float) -> None:
    comp = momenta("one_cycle", (12, 7), 0.95, pct_start=pct_start, lowest=lowest)
    np.testing.assert_allclose(comp.ravel(), pytorch_momenta(84, pct_start, lowest, 0.95), rtol=1e-10, atol=1e-16)


def test_one_cycle_is_lowest_where_the_learning_rate_is_highest() -> None:
    rule = registry.piece("nnlab.training.schedule", "one_cycle")
    rates = [rule.factors(Course(e, 10, 5), pct_start=0.3, div_factor=25.0, final_div_factor=1e4) for e in range(5)]
    assert np.argmin(momenta("one_cycle", (5, 10), 0.95)) == np.argmax(rates) == 14


def test_one_cycle_cannot_go_below_a_momentum_that_is_lower() -> None:
    with pytest.raises(
        ConfigurationError, match=r"lowest=0\.85 is not allowed: .* at most the optimizer's momentum, 0\.5"
    ):
        momenta("one_cycle", (1, 1), 0.5)


def test_linear_is_the_ramp_of_hinton_et_al() -> None:
    ref = [(1 - epoch / 20) * 0.5 + epoch / 20 * 0.99 if epoch < 20 else 0.99 for epoch in range(30)]
    comp = momenta("linear", (30, 3), 0.99, start=0.5, epochs=20)
    np.testing.assert_allclose(comp, np.repeat(np.array(ref)[:, np.newaxis], 3, axis=1), rtol=1e-14)


def test_linear_is_the_ramp_of_the_maxout_paper() -> None:
    """pylearn2's MomentumAdjustor(start=1, saturate=250) counts the epoch about to be trained from 1."""
    alphas = [min(max((count - 1) / (250 - 1), 0), 1) for count in range(1, 301)]
    ref = [0.5 * (1 - alpha) + alpha * 0.7 for alpha in alphas]
    comp = momenta("linear", (300, 1), 0.7, start=0.5, epochs=249)
    np.testing.assert_allclose(comp.ravel(), ref, rtol=1e-14)
    assert comp[248, 0] < comp[249, 0] == 0.7


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=40, derandomize=True, database=None)
@given(st.integers(1, 9), st.integers(1, 40), st.floats(0.86, 0.999))
def test_momenta_are_between_0_and_1_and_one_per_update(name: str, steps: int, epochs: int, momentum: float) -> None:
    comp = momenta(name, (epochs, steps), momentum)
    assert comp.dtype == np.float64
    assert comp.shape == (epochs, steps)
    assert np.all((comp >= 0) & (comp <= momentum * (1 + 1e-15)))


def test_per_update_the_division_into_epochs_does_not_matter() -> None:
    np.testing.assert_allclose(
        momenta("one_cycle", (20, 6), 0.9).ravel(), momenta("one_cycle", (1, 120), 0.9).ravel(), rtol=1e-14
    )


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [("linear", "start", 1.0), ("linear", "epochs", 0), ("one_cycle", "lowest", -0.1), ("one_cycle", "pct_start", 2)],
)
def test_bad_settings_are_named(name: str, key: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=rf"momentum_schedule\.{key}={value} is not allowed"):
        check_parameters("momentum_schedule", {key: value}, registry.piece(PACKAGE, name).PARAMETERS)
