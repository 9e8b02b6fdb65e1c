"""What all initialisations have in common."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.errors import ConfigurationError
from nnlab.initialisation import initial_layer
from nnlab.registry import pieces

NAMES = sorted(pieces("nnlab.initialisation"))
NOT_DRAWN = {"zeros", "constant", "identity"}
SHAPES = [(1, 1), (1, 7), (7, 1), (20, 30), (30, 20), (25, 25)]


def draw(name: str, shape: tuple[int, int] = (20, 30), seed: int = 0, **settings: object) -> np.ndarray:
    return initial_layer(name, np.random.default_rng(seed), *shape, **settings)[0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_weights_have_their_shape_and_are_finite(name: str, shape: tuple[int, int]) -> None:
    weights = draw(name, shape)
    assert weights.shape == shape
    assert weights.dtype == np.float64
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_decides(name: str) -> None:
    assert np.array_equal(draw(name), draw(name))
    assert np.array_equal(draw(name), draw(name, seed=1)) == (name in NOT_DRAWN)


@pytest.mark.parametrize("name", NAMES)
def test_layers_differ_where_weights_are_drawn(name: str) -> None:
    generator = np.random.default_rng(0)
    first, second = (initial_layer(name, generator, 20, 30)[0] for _ in range(2))
    assert np.array_equal(first, second) == (name in NOT_DRAWN)


@pytest.mark.parametrize("name", NAMES)
def test_the_scale_is_a_factor_of_all_weights(name: str) -> None:
    assert np.array_equal(draw(name, scale=0.25), 0.25 * draw(name))
    assert not draw(name, scale=0.0).any()


@pytest.mark.parametrize("name", NAMES)
def test_the_bias_leaves_the_weights_alone(name: str) -> None:
    weights, bias = initial_layer(name, np.random.default_rng(0), 20, 30, bias=-0.5)
    assert bias == -0.5
    assert np.array_equal(weights, draw(name))
    assert initial_layer(name, np.random.default_rng(0), 20, 30)[1] == 0.0


@pytest.mark.parametrize(
    ("name", "settings", "ref"),
    [
        ("he", {}, lambda rng: rng.normal(0.0, np.sqrt(2.0 / 37), (37, 53))),
        ("xavier", {}, lambda rng: rng.uniform(-np.sqrt(6.0 / 90), np.sqrt(6.0 / 90), (37, 53))),
        ("normal", {"std": 0.3}, lambda rng: rng.normal(0.0, 0.3, (37, 53))),
    ],
)
def test_the_recorded_numbers_of_a_seed_are_kept(name: str, settings: dict[str, object], ref: object) -> None:
    assert np.array_equal(draw(name, (37, 53), 3, **settings), ref(np.random.default_rng(3)))


def test_the_ones_that_draw_nothing() -> None:
    assert not draw("zeros").any()
    assert (draw("constant", value=-2.5) == -2.5).all()
    assert np.array_equal(draw("identity", (2, 3)), [[1, 0, 0], [0, 1, 0]])
    assert np.array_equal(draw("identity", (3, 2), scale=0.01), [[0.01, 0], [0, 0.01], [0, 0]])


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("hee", {}, "unknown initialisation 'hee': did you mean he?"),
        ("he", {"std": 1.0}, "unknown key of initialisation=he 'std'"),
        ("he", {"distribution": "cauchy"}, "must be one of normal, uniform"),
        ("he", {"scale": -1.0}, "scale=-1.0 is not allowed: .* at least 0"),
        ("he", {"bias": float("nan")}, "bias=nan is not allowed"),
        ("constant", {"value": float("inf")}, "value=inf is not allowed"),
        ("uniform", {"limit": -0.1}, "limit=-0.1 is not allowed"),
        ("sparse", {"connections": 0}, "connections=0 is not allowed"),
        ("lsuv", {"tolerance": 0}, "tolerance=0 is not allowed"),
        ("lsuv", {"iterations": 0}, "iterations=0 is not allowed"),
        ("lsuv", {"examples": 1}, "examples=1 is not allowed"),
    ],
)
def test_bad_settings(name: str, settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as raised:
        draw(name, **settings)
    assert "\n" not in str(raised.value)
