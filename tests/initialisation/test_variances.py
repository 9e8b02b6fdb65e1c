"""Weights of a given variance: moments, bounds, and the same distributions as PyTorch's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from nnlab.initialisation import initial_layer

INPUTS, UNITS = 300, 200
COUNT = INPUTS * UNITS
VARIANCES = {"he": 2 / INPUTS, "xavier": 2 / (INPUTS + UNITS), "lecun": 1 / INPUTS}
UNLIKELY = 1e-4  # the tests draw with fixed seeds: they cannot fail by chance twice


def draw(name: str, **settings: object) -> np.ndarray:
    return initial_layer(name, np.random.default_rng(5), INPUTS, UNITS, **settings)[0].ravel()


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
@pytest.mark.parametrize("name", VARIANCES)
def test_moments_and_distribution(name: str, distribution: str) -> None:
    weights, std = draw(name, distribution=distribution), np.sqrt(VARIANCES[name])
    kurtosis = {"normal": 3.0, "uniform": 1.8}[distribution]
    assert abs(weights.mean()) < 4 * std / np.sqrt(COUNT)
    assert abs(weights.var() / std**2 - 1) < 4 * np.sqrt((kurtosis - 1) / COUNT)
    exact = stats.norm(0, std) if distribution == "normal" else stats.uniform(-std * 3**0.5, 2 * std * 3**0.5)
    assert stats.kstest(weights, exact.cdf).pvalue > UNLIKELY


@pytest.mark.parametrize(("name", "distribution"), [("he", "normal"), ("lecun", "normal"), ("xavier", "uniform")])
def test_the_default_distribution(name: str, distribution: str) -> None:
    assert np.array_equal(draw(name), draw(name, distribution=distribution))


@pytest.mark.parametrize("name", VARIANCES)
def test_the_bound_of_uniform_weights(name: str) -> None:
    bound = np.sqrt(3 * VARIANCES[name])
    assert 0.999 * bound < np.abs(draw(name, distribution="uniform")).max() <= bound


def test_plain_uniform_and_normal() -> None:
    weights = draw("uniform", limit=0.2)
    assert stats.kstest(weights, stats.uniform(-0.2, 0.4).cdf).pvalue > UNLIKELY
    assert weights.min() >= -0.2
    assert weights.max() < 0.2
    assert stats.kstest(draw("normal", std=0.2), stats.norm(0, 0.2).cdf).pvalue > UNLIKELY


def as_in_torch(fill: Callable[..., object], **settings: object) -> np.ndarray:
    torch = pytest.importorskip("torch")
    weights = torch.empty(UNITS, INPUTS, dtype=torch.float64)
    fill(weights, generator=torch.Generator().manual_seed(7), **settings)
    return weights.numpy().ravel()


@pytest.mark.parametrize(
    ("name", "distribution", "torch_name", "settings"),
    [
        ("he", "normal", "kaiming_normal_", {"nonlinearity": "relu"}),
        ("he", "uniform", "kaiming_uniform_", {"nonlinearity": "relu"}),
        ("lecun", "normal", "kaiming_normal_", {"nonlinearity": "linear"}),
        ("lecun", "uniform", "kaiming_uniform_", {"nonlinearity": "linear"}),
        ("xavier", "normal", "xavier_normal_", {}),
        ("xavier", "uniform", "xavier_uniform_", {}),
    ],
)
def test_pytorch_draws_from_the_same_distribution(
    name: str, distribution: str, torch_name: str, settings: dict[str, object]
) -> None:
    torch = pytest.importorskip("torch")
    ref = as_in_torch(getattr(torch.nn.init, torch_name), **settings)
    comp = draw(name, distribution=distribution)
    assert stats.ks_2samp(comp, ref).pvalue > UNLIKELY
    assert comp.std() == pytest.approx(ref.std(), rel=0.015)
    if distribution == "uniform":
        assert np.abs(comp).max() == pytest.approx(np.abs(ref).max(), rel=1e-3)
