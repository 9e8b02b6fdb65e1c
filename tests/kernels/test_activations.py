"""Each activation, forward and backward, against its reference and against PyTorch."""

from __future__ import annotations

from typing import Any

import naive
import numpy as np
import pytest
from activation_cases import PYTORCH, learned_numbers
from kernel_cases import ACTIVATIONS, DTYPES, TOLERANCE
from measuring import relative_error
from naive.activations import ROWS, UNITS, d_activation
from numpy.testing import assert_allclose
from one_layer import layer_of, passed, pytorch_passed, random_layer, values_and_slopes

from nnlab import registry
from nnlab.checks import check_parameters
from nnlab.errors import ConfigurationError

PACKAGE = "nnlab.kernels.activation"
SHAPES = [(1, 1), (7, 3), (32, 5)]  # batch, units
EXTREMES = [-1e4, -300.0, -90.0, -40.0, -13.0, 13.0, 40.0, 90.0, 300.0, 1e4]
LARGEST_ERROR = 1e-10  # relative to PyTorch

# (where, slope there), as PyTorch has it
KINKS = {
    "relu": [(0, 0)],
    "leaky_relu": [(0, 0.1)],
    "relu6": [(0, 0), (6, 0)],
    "prelu": [(0, 0.25)],
    "prelu_per_unit": [(0, 0.1)],
    "elu": [(0, 0.7)],
    "selu": [(0, 1.7580993408473766)],
    "hard_sigmoid": [(-3, 0), (3, 0)],
    "hard_tanh": [(-1, 0), (1, 0)],
    "softsign": [(0, 1)],
}
RANGES = {
    "relu6": (0, 6),
    "sigmoid": (0, 1),
    "hard_sigmoid": (0, 1),
    "tanh": (-1, 1),
    "hard_tanh": (-1, 1),
    "softsign": (-1, 1),
    "sine": (-1, 1),
    "softmax": (0, 1),
}


def test_all_activations_are_tested() -> None:
    pieces = set(registry.pieces(PACKAGE))
    assert {kind for kind, _ in ACTIVATIONS.values()} == pieces == set(PYTORCH) == {*UNITS, *ROWS}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_forward_and_backward(name: str, shape: tuple[int, int], dtype: str) -> None:
    network, delta = random_layer(name, shape, dtype)
    kind, settings = ACTIVATIONS[name]
    rows = (network.weights[0].astype(float) + network.biases[0].astype(float)).tolist()
    learned = learned_numbers(network)[0].astype(float).tolist()
    comp = passed(network, delta)
    assert_allclose(comp.a, [naive.activation(kind, settings, row, learned) for row in rows], **TOLERANCE[dtype])
    pairs = zip(rows, delta.astype(float).tolist(), strict=True)
    ref = [d_activation(kind, settings, row, learned, d) for row, d in pairs]
    dz, d_learned = [dz for dz, _ in ref], [d for _, d in ref]
    assert_allclose(comp.dz, dz, **TOLERANCE[dtype])
    assert_allclose(comp.d_biases, np.sum(dz, axis=0), **TOLERANCE[dtype])
    assert_allclose(comp.d_learned, np.sum(d_learned, axis=0), **TOLERANCE[dtype])


@pytest.mark.parametrize("shape", [(32, 5), (50, 40)])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_pytorch_has_the_same_values_and_gradients(name: str, shape: tuple[int, int]) -> None:
    network, delta = random_layer(name, shape, "float64")
    for comp, ref in zip(passed(network, delta), pytorch_passed(network, delta), strict=True):
        assert relative_error(comp, ref) < LARGEST_ERROR


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_extreme_pre_activations_give_what_pytorch_gives(name: str, dtype: str) -> None:
    network = layer_of(
        name, np.repeat(np.array([EXTREMES]).T, ACTIVATIONS[name].settings.get("pieces", 1), 1).astype(dtype)
    )
    delta = np.ones((len(EXTREMES), network.architecture.outputs), dtype)
    comp, ref = passed(network, delta), pytorch_passed(network, delta)
    assert np.isfinite(comp.a).all()
    assert_allclose(comp.a, ref.a, **TOLERANCE[dtype])
    if not name.startswith("maxout"):  # where all pieces are equal, each library has its own choice
        assert_allclose(comp.dz, ref.dz, **TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_softmax_of_extreme_values_is_finite(dtype: str) -> None:
    z = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [3, 1e4, 1e4]], dtype)
    comp = passed(layer_of("softmax", z), np.eye(3, dtype=dtype))
    assert_allclose(comp.a, [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0, 0.5, 0.5]], atol=1e-7)
    assert_allclose(comp.dz, [[0, 0, 0], [-1 / 9, 2 / 9, -1 / 9], [0, -0.25, 0.25]], atol=1e-7)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_stays_nan_wherever_it_is(name: str, dtype: str) -> None:
    pieces = ACTIVATIONS[name].settings.get("pieces", 1)
    for piece in range(pieces):
        z = np.zeros((1, 9 * pieces), dtype)
        z[0, piece::pieces] = np.nan
        assert np.all(np.isnan(passed(layer_of(name, z), np.ones((1, 9), dtype)).a))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nan_among_the_deltas_reaches_its_gradients(name: str, dtype: str) -> None:
    network, delta = random_layer(name, (7, 3), dtype)
    delta[2, 1] = np.nan
    comp = passed(network, delta)
    assert np.isnan(comp.dz[2]).any()
    assert np.isnan(comp.d_biases).any()
    assert np.isnan(comp.d_learned).any() == (comp.d_learned.size > 0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", KINKS)
def test_the_slope_at_a_kink(name: str, dtype: str) -> None:
    z, slopes = np.array(KINKS[name], dtype).T
    assert_allclose(values_and_slopes(name, z.copy())[1], slopes, rtol=1e-6)


@pytest.mark.parametrize("name", KINKS)
def test_the_slope_at_a_kink_is_that_of_pytorch(name: str) -> None:
    network = layer_of(name, np.array(KINKS[name], float)[:, :1])
    delta = np.ones((len(KINKS[name]), 1))
    assert_allclose(passed(network, delta).dz, pytorch_passed(network, delta).dz, rtol=1e-15)


def test_maxout_gives_the_gradient_to_the_first_of_equal_pieces() -> None:
    comp = passed(layer_of("maxout3", np.array([[2.0, 2, 1], [0, 0, 0], [-1, 5, 5]])), np.ones((3, 1)))
    assert comp.dz.tolist() == [[1, 0, 0], [1, 0, 0], [0, 1, 0]]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", RANGES)
def test_values_stay_in_their_range(name: str, dtype: str) -> None:
    z = np.concatenate([np.linspace(-30, 30, 601), EXTREMES]).astype(dtype)
    a, _ = values_and_slopes(name, z)
    low, high = RANGES[name]
    assert low <= a.min() <= a.max() <= high


@pytest.mark.parametrize("dtype", DTYPES)
def test_tiny_pre_activations_are_not_rounded_away(dtype: str) -> None:
    z = np.array([-1e-20, -1e-12, -1e-7, -1e-4], dtype)
    for name, slope in {
        "elu": 0.7,
        "selu": 1.7580993408473766,
        "gelu": 0.5,
        "silu": 0.5,
        "mish": 0.6,
        "sine": 1.3,
    }.items():
        assert_allclose(values_and_slopes(name, z)[0] / z, slope, rtol=1e-3)


def test_softmax_is_a_distribution_that_a_shift_does_not_change() -> None:
    network, delta = random_layer("softmax", (7, 5), "float64")
    before = passed(network, delta)
    network.biases[0][:] += 3
    after = passed(network, delta)
    assert_allclose(after.a.sum(axis=1), 1, rtol=1e-14)
    assert_allclose(after.a, before.a, rtol=1e-13)
    assert_allclose(before.dz.sum(axis=1), 0, atol=1e-15)


def test_selu_keeps_mean_0_and_variance_1() -> None:
    z = np.linspace(-12, 12, 801)
    share = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    a, _ = values_and_slopes("selu", z)
    assert share @ a == pytest.approx(0, abs=1e-4)
    assert share @ (a * a) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("name", "slopes"), [("prelu", [0.25]), ("prelu_per_unit", [0.1] * 4)])
def test_the_slopes_of_prelu_start_at_init_beside_biases_of_0(name: str, slopes: list[float]) -> None:
    network = layer_of(name, np.ones((2, 4)))
    assert network.parameters.size == 8 + 4 + len(slopes)
    assert network.biases[0].tolist() == [0] * 4
    assert learned_numbers(network)[0].tolist() == slopes


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("elu", {"alpha": -0.1}, "activation.alpha"),
        ("softplus", {"beta": 0}, "activation.beta"),
        ("sine", {"frequency": 0}, "activation.frequency"),
        ("prelu", {"slopes": "each"}, "shared, per_unit"),
        ("prelu", {"init": "a quarter"}, "activation.init"),
        ("gelu", {"approximate": "tanh"}, "approximate"),
    ],
)
def test_settings_that_make_no_sense_are_refused(name: str, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        check_parameters("activation", settings, registry.piece(PACKAGE, name).PARAMETERS)
