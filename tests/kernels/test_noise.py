"""Noise on inputs and on weights: its bits, its addresses, its distribution, and what it does to a network."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joined_cases import NOISES, joined, outputs_of
from kernel_cases import DTYPES, JIT, KEY, data_for, draw_of, properties
from measuring import MODES, central_differences, loss_and_gradient, relative_error

from nnlab import registry
from nnlab.architecture import Dense
from nnlab.errors import ConfigurationError
from nnlab.kernels.noise._bernoulli import fill_bernoulli
from nnlab.kernels.noise._normal import fill_normal
from nnlab.kernels.noise._words import DROPCONNECT, DROPOUT, GAUSSIAN_DROPOUT, GAUSSIAN_NOISE, address
from nnlab.kernels.structures import Draw

STREAM = 2**24
MANY = 100_000 if JIT else 4_000


def mask_of(size: int, keep: float = 0.7, draw: Draw | None = None, number: int = 0, dtype: str = "float64") -> Any:
    mask = np.full(size, np.nan, dtype)
    fill_bernoulli(mask, keep, 1 / keep if keep else 1.0, draw or draw_of(), number)
    return mask


def normals_of(size: int, draw: Draw | None = None, number: int = 0, dtype: str = "float64") -> Any:
    values = np.full(size, np.nan, dtype)
    fill_normal(values, 0.5, 2.0, draw or draw_of(), number)
    return values


FILLS: dict[str, Callable[..., Any]] = {"bernoulli": mask_of, "normal": normals_of}
fills = pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)


def test_all_noises_are_tested() -> None:
    assert {piece.name for piece in NOISES.values()} == set(registry.pieces("nnlab.kernels.noise"))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 3, 4, 5, 8, 63])
@pytest.mark.parametrize("keep", [0.25, 0.7, 0.999])
def test_bits_are_those_of_the_reference(dtype: str, size: int, keep: float) -> None:
    comp = mask_of(size, keep, draw_of(epoch=3, step=11), 2, dtype)
    ref = naive.bernoulli(size, keep, 1 / keep, KEY, (11, 3, 2))
    assert np.array_equal(comp, np.array(ref, dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1, 3, 4, 5, 63, 4000])
def test_normal_numbers_are_those_of_the_reference(dtype: str, size: int) -> None:
    comp = normals_of(size, draw_of(epoch=3, step=11), 2, dtype)
    ref = naive.normal(size, 0.5, 2.0, KEY, (11, 3, 2))
    np.testing.assert_allclose(comp, ref, rtol=1e-6, atol=1e-6)


def test_normal_numbers_have_the_moments_of_the_distribution() -> None:
    z = (normals_of(MANY) - 0.5) / 2
    for power, moment, spread in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs(np.mean(z**power) - moment) < 5 * np.sqrt(spread / MANY), power
    assert abs(np.mean(np.abs(z) > 2) - 0.0455) < 5 * np.sqrt(0.0455 / MANY)
    assert abs(np.mean(z[1:] * z[:-1])) < 5 / np.sqrt(MANY)


@properties
@given(st.integers(1, 60), st.integers(1, 60))
def test_an_element_does_not_depend_on_how_many_there_are(size: int, other: int) -> None:
    common = min(size, other)
    assert np.array_equal(mask_of(size)[:common], mask_of(other)[:common])
    np.testing.assert_allclose(normals_of(size)[:common], normals_of(other)[:common], rtol=1e-14)


@fills
def test_every_part_of_the_address_counts(fill: Callable[..., Any]) -> None:
    drawn = [
        fill(400),
        fill(400, draw=draw_of(epoch=1)),
        fill(400, draw=draw_of(step=1)),
        fill(400, draw=draw_of()._replace(key_low=KEY[1], key_high=KEY[0])),
        *(fill(400, number=address(1, stream)) for stream in (DROPOUT, GAUSSIAN_DROPOUT, GAUSSIAN_NOISE, DROPCONNECT)),
    ]
    for one, other in itertools.combinations(drawn, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 5 / np.sqrt(400)


@fills
def test_threads_draw_the_same(fill: Callable[..., Any]) -> None:
    draws = [draw_of(step=step) for step in range(8)]
    alone = [fill(1000, draw=draw) for draw in draws]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda draw: fill(1000, draw=draw), draws))
    assert np.array_equal(alone, together)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.8])
def test_the_mean_factor_is_one(keep: float) -> None:
    kept = mask_of(MANY, keep) > 0
    assert abs(kept.mean() - keep) < 5 * np.sqrt(keep * (1 - keep) / MANY)
    assert set(np.unique(mask_of(MANY, keep))) == {0.0, 1 / keep}


def test_nothing_and_everything_can_be_kept() -> None:
    assert np.all(mask_of(50, keep=0.0) == 0)
    assert np.all(mask_of(50, keep=1.0) == 1)


def noisy(*noise: str, hidden: tuple[Dense, ...] = (), dtype: str = "float64") -> Any:
    """Return a network whose outputs are its noisy inputs, behind `hidden` layers that pass them on."""
    network = joined(hidden, inputs=4, dtype=dtype, outputs=Dense(4, noise=tuple(NOISES[name] for name in noise)))
    network.parameters[:] = 0
    for weights in network.weights:
        np.copyto(weights, np.eye(4))
    return network


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layer", [0, 2])
@pytest.mark.parametrize("name", NOISES)
def test_a_layer_draws_the_noise_of_its_address(name: str, layer: int, dtype: str) -> None:
    inputs = np.arange(1.0, 21.0).reshape(5, 4)
    comp = outputs_of(noisy(name, hidden=(Dense(4),) * layer, dtype=dtype), inputs, draw_of(epoch=3, step=11))
    ref = {
        "inverted": lambda: inputs * drawn(naive.bernoulli, 0.7, 1 / 0.7, 0),
        "weights": lambda: inputs * drawn(naive.bernoulli, 0.7, 1.0, 0),
        "gaussian": lambda: inputs * drawn(naive.normal, 1.0, np.sqrt(0.3 / 0.7), 1),
        "gaussian_noise": lambda: inputs + drawn(naive.normal, 0.0, 0.4, 2),
    }

    def drawn(reference: Any, first: float, second: float, stream: int) -> np.ndarray:
        return np.reshape(reference(20, first, second, KEY, (11, 3, layer + STREAM * stream)), (5, 4))

    np.testing.assert_allclose(comp, ref[name](), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("mode", ["training", "evaluation"])
@pytest.mark.parametrize("name", NOISES)
def test_without_a_draw_only_weights_scaling_does_anything(name: str, mode: str) -> None:
    inputs = np.arange(1.0, 21.0).reshape(5, 4)
    factor = 0.7 if name == "weights" else 1.0
    np.testing.assert_allclose(outputs_of(noisy(name), inputs, MODES[mode]), inputs * factor, rtol=1e-15)


def test_two_noises_of_a_layer_are_independent_and_one_does_not_change_the_other() -> None:
    inputs = np.ones((2000, 4))
    alone = outputs_of(noisy("inverted"), inputs, draw_of())
    added = outputs_of(noisy("gaussian_noise"), inputs, draw_of()) - inputs
    both = outputs_of(noisy("gaussian_noise", "inverted"), inputs, draw_of())
    np.testing.assert_allclose(both, (inputs + added) * alone, rtol=1e-14)
    assert abs(np.corrcoef(added.ravel(), alone.ravel())[0, 1]) < 5 / np.sqrt(8000)


@pytest.mark.parametrize("scaling", ["inverted", "weights"])
def test_training_predicts_like_testing_in_expectation(scaling: str) -> None:
    """Sum over all masks of one linear layer, each with its probability: exact, not sampled."""
    network, inputs = noisy(scaling), np.array([[0.3, -1.2, 2.0, 0.7]])
    network.weights[0][:] = np.random.default_rng(1).normal(0, 1, (4, 4))
    outputs = {}
    for step in range(700):
        kept = np.array(naive.bernoulli(4, 0.7, 1.0, KEY, (step, 0, 0)))
        outputs[tuple(kept)] = outputs_of(network, inputs, draw_of(step=step))[0]
    assert len(outputs) == 2**4, "all masks have occurred"
    expected = sum(0.7 ** sum(kept) * 0.3 ** (4 - sum(kept)) * output for kept, output in outputs.items())
    np.testing.assert_allclose(network.predict(inputs)[0], expected, rtol=1e-12)


@pytest.mark.parametrize("name", NOISES)
def test_gradients_pass_the_noise(name: str) -> None:
    layers = [Dense(width, noise=(NOISES[name],)) for width in (6, 5)]
    network = joined(layers, outputs=Dense(2, noise=(NOISES[name],)))
    inputs, targets = data_for(network, 7)
    _, gradient = loss_and_gradient(network, inputs, targets, "with noise")
    assert relative_error(gradient, central_differences(network, inputs, targets, "with noise")) < 1e-8


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("mode", ["evaluation", "with noise"])
def test_nan_stays_nan(name: str, mode: str, dtype: str) -> None:
    inputs = np.ones((3, 4))
    inputs[1, 2] = np.nan
    assert np.isnan(outputs_of(noisy(name, dtype=dtype), inputs, MODES[mode])[1, 2])


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [("bernoulli", "rate", 1), ("gaussian", "rate", 1.0), ("gaussian", "rate", -0.1), ("gaussian_noise", "std", -1)],
)
def test_bad_settings_are_refused(name: str, key: str, value: Any) -> None:
    check = registry.piece("nnlab.kernels.noise", name).PARAMETERS[key].check
    with pytest.raises(ConfigurationError, match=f"dropout.{key}"):
        check(f"dropout.{key}", value)
