"""Orthogonal weights: orthogonal in every shape, and evenly distributed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nnlab.initialisation import initial_layer

SHAPES = [(1, 1), (6, 6), (50, 20), (20, 50), (1, 9), (9, 1), (784, 100)]


def draw(shape: tuple[int, int], seed: int = 0, **settings: float) -> np.ndarray:
    return initial_layer("orthogonal", np.random.default_rng(seed), *shape, **settings)[0]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_shorter_side_is_orthonormal(shape: tuple[int, int]) -> None:
    weights = draw(shape)
    product = weights.T @ weights if shape[0] >= shape[1] else weights @ weights.T
    assert product == pytest.approx(np.eye(min(shape)), abs=1e-13)


def test_lengths_are_kept_through_twenty_layers() -> None:
    signal = np.random.default_rng(9).normal(size=(5, 40))
    through = signal
    for layer in range(20):
        through = through @ draw((40, 40), seed=layer)
    assert np.linalg.norm(through, axis=1) == pytest.approx(np.linalg.norm(signal, axis=1), rel=1e-12)


@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (3, 5)], ids=str)
def test_every_element_is_as_often_positive_as_negative(shape: tuple[int, int]) -> None:
    """LAPACK's own signs make the diagonal negative."""
    drawn = np.array([draw(shape, seed) for seed in range(2000)])
    assert np.abs(drawn.mean(axis=0)).max() < 5 / np.sqrt(2000 * max(shape))


def test_the_traces_are_those_of_random_rotations_and_reflections() -> None:
    comp = [np.trace(draw((4, 4), seed)) for seed in range(2000)]
    ref = np.trace(stats.ortho_group.rvs(4, size=2000, random_state=1), axis1=1, axis2=2)
    assert stats.ks_2samp(comp, ref).pvalue > 1e-4


@pytest.mark.parametrize("shape", [(30, 12), (12, 30)], ids=str)
def test_the_scale_is_pytorchs_gain(shape: tuple[int, int]) -> None:
    torch = pytest.importorskip("torch")
    inputs, units = shape
    ref = torch.nn.init.orthogonal_(torch.empty(units, inputs, dtype=torch.float64), gain=1.7).numpy()
    comp = np.linalg.svd(draw(shape, scale=1.7), compute_uv=False)
    assert comp == pytest.approx(np.linalg.svd(ref, compute_uv=False), rel=1e-12)
