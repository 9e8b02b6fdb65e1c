"""Each learning-rate schedule against PyTorch's in float64, or against its formula where PyTorch has none."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from nnlab import registry
from nnlab.checks import check_parameters
from nnlab.errors import ConfigurationError
from nnlab.training.schedule import Course, learning_rates, warm_up

PACKAGE = "nnlab.training.schedule"
NAMES = sorted(registry.pieces(PACKAGE))
PER_EPOCH = {"constant", "step", "exponential", "plateau"}
BASE = 0.3
TOLERANCE = 1e-10


def defaults(name: str) -> dict[str, object]:
    return {key: parameter.default for key, parameter in registry.piece(PACKAGE, name).PARAMETERS.items()}


def rates(name: str, steps: int, epochs: int, losses: list[float] | None = None, **chosen: object) -> np.ndarray:
    """Return the learning rates of a whole training (epochs, steps), asked for epoch by epoch."""
    losses = [1.0] * epochs if losses is None else losses
    schedule = {"name": name} | defaults(name) | chosen
    return np.array([learning_rates(BASE, schedule, 0.0, Course(e, steps, epochs, losses[:e])) for e in range(epochs)])


def pytorch_rates(count: int, scheduler: Callable[..., object], losses: list[float] | None = None) -> np.ndarray:
    """Return the rates (count,) that a PyTorch scheduler gives when stepped `count` times."""
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=BASE, momentum=0.9)
    stepped, visited = scheduler(torch.optim.lr_scheduler, optimizer), []
    for number in range(count):
        visited.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if number < count - 1:
            stepped.step(*([] if losses is None else [losses[number]]))
    return np.array(visited)


def assert_same(comp: np.ndarray, ref: np.ndarray) -> None:
    np.testing.assert_allclose(comp, ref, rtol=TOLERANCE, atol=0)


def test_constant() -> None:
    assert np.array_equal(rates("constant", 3, 4), np.full((4, 3), BASE))


@pytest.mark.parametrize(("every", "factor"), [(1, 0.5), (3, 0.1), (7, 0.9), (100, 0.1)])
def test_step_is_pytorchs_per_epoch(every: int, factor: float) -> None:
    ref = pytorch_rates(20, lambda module, optimizer: module.StepLR(optimizer, every, factor))
    assert_same(rates("step", 4, 20, every=every, factor=factor), np.repeat(ref[:, np.newaxis], 4, axis=1))


@pytest.mark.parametrize("factor", [1.0, 0.95, 0.3])
def test_exponential_is_pytorchs_per_epoch(factor: float) -> None:
    ref = pytorch_rates(40, lambda module, optimizer: module.ExponentialLR(optimizer, factor))
    assert_same(rates("exponential", 2, 40, factor=factor), np.repeat(ref[:, np.newaxis], 2, axis=1))


@pytest.mark.parametrize("power", [1.0, 0.9, 2.0])
def test_polynomial_is_pytorchs_per_update(power: float) -> None:
    ref = pytorch_rates(60, lambda module, optimizer: module.PolynomialLR(optimizer, 60, power))
    assert_same(rates("polynomial", 6, 10, power=power).ravel(), ref)


def test_polynomial_ends_one_update_before_its_final_factor() -> None:
    comp = rates("polynomial", 5, 4, power=2.0, final=0.2).ravel() / BASE
    assert_same(comp, np.array([0.2 + 0.8 * (1 - u / 20) ** 2 for u in range(20)]))


def test_inverse_time_follows_its_formula() -> None:
    ref = [BASE / (1 + 0.4 * (update / 5)) for update in range(35)]
    assert_same(rates("inverse_time", 5, 7, decay=0.4).ravel(), np.array(ref))


def test_inverse_time_is_a_half_after_one_over_decay_epochs() -> None:
    assert_same(rates("inverse_time", 5, 9, decay=0.25)[4, 0], np.array(BASE / 2))


@pytest.mark.parametrize("final", [0.0, 0.1, 1.0])
def test_cosine_is_pytorchs_per_update(final: float) -> None:
    ref = pytorch_rates(90, lambda module, optimizer: module.CosineAnnealingLR(optimizer, 90, BASE * final))
    assert_same(rates("cosine", 9, 10, final=final).ravel(), ref)


@pytest.mark.parametrize(("every", "growth", "final"), [(1, 1, 0.0), (3, 1, 0.1), (1, 2, 0.0), (2, 3, 0.05)])
def test_cosine_with_restarts_is_pytorchs_per_update(every: int, growth: int, final: float) -> None:
    def scheduler(module, optimizer):
        return module.CosineAnnealingWarmRestarts(optimizer, every * 5, growth, BASE * final)

    comp = rates("cosine", 5, 30, final=final, restart_every=every, restart_growth=float(growth))
    assert_same(comp.ravel(), pytorch_rates(150, scheduler))


def test_cosine_restarts_after_a_part_of_an_epoch_where_growth_says_so() -> None:
    comp = rates("cosine", 4, 6, restart_every=1, restart_growth=1.5).ravel()
    starts = [0.0, 1.0, 2.5, 4.75]
    for update, rate in enumerate(comp):
        cycle = max(number for number, start in enumerate(starts) if start <= update / 4)
        part = (update / 4 - starts[cycle]) / 1.5**cycle
        assert_same(rate, np.array(BASE * (1 + math.cos(math.pi * part)) / 2))


@pytest.mark.parametrize("pct_start", [0.0, 0.1, 0.3, 0.77, 1.0])
@pytest.mark.parametrize(("div", "final_div"), [(25.0, 1e4), (10.0, 1.0), (1.0, 100.0)])
def test_one_cycle_is_pytorchs_per_update(pct_start: float, div: float, final_div: float) -> None:
    def scheduler(module, optimizer):
        extra = {"pct_start": pct_start, "div_factor": div, "final_div_factor": final_div}
        return module.OneCycleLR(optimizer, max_lr=BASE, total_steps=84, **extra)

    comp = rates("one_cycle", 7, 12, pct_start=pct_start, div_factor=div, final_div_factor=final_div)
    assert_same(comp.ravel(), pytorch_rates(84, scheduler))


@pytest.mark.parametrize(("steps", "epochs", "pct_start"), [(1, 1, 0.3), (1, 1, 1.0), (2, 1, 0.5), (5, 2, 0.1)])
def test_one_cycle_without_a_flank_is_all_peak_or_all_foot(steps: int, epochs: int, pct_start: float) -> None:
    """Where the peak is the first update, PyTorch divides by zero."""
    comp = rates("one_cycle", steps, epochs, pct_start=pct_start).ravel() / BASE
    expected = 1.0 if pct_start * steps * epochs == 1 else 1 / (25.0 * 1e4)
    assert_same(comp[0], np.array(expected))


LOSSES = {
    "falling": [1 / epoch for epoch in range(1, 61)],
    "flat": [1.0] * 60,
    "noisy": list(np.random.default_rng(3).uniform(0.9, 1.1, 60)),
    "slow": [1 - 1e-5 * epoch for epoch in range(60)],
    "rising, then better": [1 + 0.01 * epoch for epoch in range(20)] + [0.5] * 40,
    "not a number": [1.0] * 5 + [math.nan] * 20 + [0.5] * 35,
}


@pytest.mark.parametrize("losses", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize(("patience", "cooldown", "threshold"), [(0, 0, 0.0), (2, 0, 1e-4), (3, 4, 0.05), (10, 1, 0.0)])
def test_plateau_is_pytorchs(losses: list[float], patience: int, cooldown: int, threshold: float) -> None:
    def scheduler(module, optimizer):
        chosen = {"patience": patience, "cooldown": cooldown, "threshold": threshold}
        return module.ReduceLROnPlateau(optimizer, factor=0.5, min_lr=BASE * 1e-3, eps=0.0, **chosen)

    chosen = {"patience": patience, "cooldown": cooldown, "threshold": threshold, "factor": 0.5, "minimum": 1e-3}
    ref = pytorch_rates(60, scheduler, losses)
    assert_same(rates("plateau", 2, 60, losses, **chosen), np.repeat(ref[:, np.newaxis], 2, axis=1))


def test_plateau_reduces_in_these_tests() -> None:
    lowest = {name: rates("plateau", 1, 60, losses, patience=3).min() for name, losses in LOSSES.items()}
    assert [name for name, rate in lowest.items() if rate == BASE] == ["falling"]


def test_exponential_per_update_is_pylearn2s() -> None:
    """pylearn2 divides after each update, and stays at the minimum once it is reached."""
    ref, rate, is_minimum = [], BASE, False
    for count in range(1, 501):
        ref.append(rate)
        is_minimum = is_minimum or BASE / 1.03**count <= BASE * 1e-5
        rate = BASE * 1e-5 if is_minimum else BASE / 1.03**count
    assert is_minimum
    comp = rates("exponential_per_update", 50, 10, decay=1.03, minimum=1e-5).ravel()
    assert_same(comp, np.array(ref))


def test_exponential_per_update_does_not_overflow() -> None:
    course = Course(epoch=10**6, steps=1000, epochs=10**6 + 1)
    comp = registry.piece(PACKAGE, "exponential_per_update").factors(course, decay=1.5, minimum=0.0)
    assert np.array_equal(comp, np.zeros(1000))


@pytest.mark.parametrize(("steps", "warming"), [(10, 20), (7, 7), (3, 30), (4, 2)])
def test_warm_up_is_pytorchs_linear_ramp(steps: int, warming: int) -> None:
    def scheduler(module, optimizer):
        return module.LinearLR(optimizer, 1 / warming, 1.0, warming - 1)

    comp = np.concatenate([BASE * warm_up(Course(epoch, steps, 12), warming / steps) for epoch in range(12)])
    assert_same(comp, pytorch_rates(12 * steps, scheduler))


@pytest.mark.parametrize("epochs", [0.0, 0.05])
def test_a_warm_up_shorter_than_an_update_changes_nothing(epochs: float) -> None:
    assert np.array_equal(warm_up(Course(0, 10, 3), epochs), np.ones(10))


def test_warm_up_reaches_1_at_the_last_of_its_updates() -> None:
    comp = np.concatenate([warm_up(Course(epoch, 4, 3), 1.5) for epoch in range(3)])
    assert_same(comp, np.array([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1, 1, 1, 1, 1, 1, 1]))


@pytest.mark.parametrize("name", NAMES)
def test_learning_rates_are_base_times_warm_up_times_factors(name: str) -> None:
    course = Course(1, 6, 5, [1.0])
    factors = registry.piece(PACKAGE, name).factors(course, **defaults(name))
    comp = learning_rates(BASE, {"name": name} | defaults(name), 1.5, course)
    assert_same(comp, BASE * np.array([7 / 9, 8 / 9, 1, 1, 1, 1]) * factors)


def test_learning_rates_of_an_unknown_schedule() -> None:
    with pytest.raises(ConfigurationError, match="did you mean cosine"):
        learning_rates(BASE, {"name": "cosin"}, 0.0, Course(0, 1, 1))


@pytest.mark.parametrize("name", NAMES)
@hypothesis_settings(deadline=None, max_examples=40, derandomize=True, database=None)
@given(st.integers(1, 9), st.integers(1, 40))
def test_factors_are_positive_at_most_1_and_one_per_update(name: str, steps: int, epochs: int) -> None:
    comp = rates(name, steps, epochs) / BASE
    assert comp.dtype == np.float64
    assert comp.shape == (epochs, steps)
    assert np.all(comp > 0)
    assert np.all(comp <= 1 + 1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_an_epoch_alone_has_the_bits_it_has_in_turn(name: str) -> None:
    """What comes after an epoch, and whether those before were asked for, does not matter."""
    losses = list(np.random.default_rng(5).uniform(1, 2, 30))
    in_turn = rates(name, 17, 30, losses)
    for epoch in (0, 3, 13, 29):
        course = Course(epoch, 17, 30, losses)
        assert np.array_equal(learning_rates(BASE, {"name": name} | defaults(name), 0.0, course), in_turn[epoch])


@pytest.mark.parametrize("name", sorted(PER_EPOCH))
def test_the_same_rate_within_an_epoch(name: str) -> None:
    assert np.all(np.ptp(rates(name, 5, 40), axis=1) == 0)


@pytest.mark.parametrize("name", sorted(set(NAMES) - PER_EPOCH))
def test_another_rate_at_every_update(name: str) -> None:
    comp = rates(name, 5, 40).ravel()
    assert all(one != other for one, other in itertools.pairwise(comp))


@pytest.mark.parametrize("name", sorted(set(NAMES) - PER_EPOCH - {"inverse_time", "cosine"}))
def test_per_update_the_division_into_epochs_does_not_matter(name: str) -> None:
    np.testing.assert_allclose(rates(name, 6, 20).ravel(), rates(name, 120, 1).ravel(), rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("step", "every", 0),
        ("step", "factor", 1.5),
        ("exponential", "factor", 0.0),
        ("exponential_per_update", "decay", 0.99),
        ("polynomial", "power", 0),
        ("inverse_time", "decay", -0.1),
        ("cosine", "restart_every", 0),
        ("cosine", "restart_growth", 0.5),
        ("one_cycle", "pct_start", 1.1),
        ("one_cycle", "div_factor", 0.5),
        ("plateau", "factor", 1.0),
        ("plateau", "patience", -1),
    ],
)
def test_bad_settings_are_named(name: str, key: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=rf"schedule\.{key}={value} is not allowed"):
        check_parameters("schedule", {key: value}, registry.piece(PACKAGE, name).PARAMETERS)
