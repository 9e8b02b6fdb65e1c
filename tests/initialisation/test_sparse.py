"""Sparse weights: so many connections per unit, at random places, from a unit normal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from nnlab.initialisation import initial_layer


def draw(shape: tuple[int, int], **settings: object) -> np.ndarray:
    return initial_layer("sparse", np.random.default_rng(2), *shape, **settings)[0]


@pytest.mark.parametrize("inputs", [16, 40, 784])
def test_each_unit_has_fifteen_connections(inputs: int) -> None:
    assert np.array_equal(np.count_nonzero(draw((inputs, 60)), axis=0), np.full(60, 15))


@pytest.mark.parametrize("inputs", [1, 14, 15])
def test_few_inputs_are_all_connected(inputs: int) -> None:
    assert np.count_nonzero(draw((inputs, 60))) == inputs * 60


def test_another_number_of_connections() -> None:
    assert np.array_equal(np.count_nonzero(draw((40, 60), connections=3), axis=0), np.full(60, 3))


def test_connections_are_at_random_places() -> None:
    per_input = np.count_nonzero(draw((50, 20_000)), axis=1)
    assert np.abs(per_input / 20_000 - 0.3).max() < 5 * np.sqrt(0.3 * 0.7 / 20_000)
    together = np.count_nonzero((draw((50, 20_000)) != 0)[[0, 1]].all(axis=0)) / 20_000
    assert together == pytest.approx(15 * 14 / (50 * 49), abs=5 * np.sqrt(0.08 / 20_000))


def test_connected_weights_are_from_a_unit_normal() -> None:
    weights = draw((100, 2000))
    assert stats.kstest(weights[weights != 0], "norm").pvalue > 1e-4


def test_pytorch_leaves_as_many_zeros() -> None:
    torch = pytest.importorskip("torch")
    ref = torch.nn.init.sparse_(torch.empty(60, 40, dtype=torch.float64), sparsity=0.75, std=1.0).numpy()
    comp = draw((60, 40))
    assert np.array_equal(np.count_nonzero(comp, axis=0), np.count_nonzero(ref, axis=0))
