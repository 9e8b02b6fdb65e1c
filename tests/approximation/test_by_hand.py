"""Networks whose parameters are worked out give what their formulas say."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.approximation.by_hand import dropped_unit, folding_network, sum_of_sigmoids

X = np.linspace(0, 1, 1025)
Z = np.linspace(-4, 6, 11)


def folded(x: np.ndarray, times: int) -> np.ndarray:
    for _ in range(times):
        x = 1 - np.abs(2 * x - 1)
    return x


def pieces(values: np.ndarray) -> int:
    """Return how many straight pieces evenly spaced values make, if all bends are among their places."""
    return 1 + int(np.sum(np.abs(np.diff(values, 2)) > 1e-9))


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_the_network_folds_once_per_layer(depth: int) -> None:
    values = folding_network(depth).predict(X[:, None])[:, 0]
    np.testing.assert_array_equal(values, folded(X, depth))
    assert pieces(values) == 2**depth


def test_sigmoids_are_added() -> None:
    by_hand = sum(1 / (1 + np.exp(-(Z - place + 0.5))) for place in (1, 2, 3, 4))
    np.testing.assert_allclose(sum_of_sigmoids(4).predict(Z[:, None])[:, 0], by_hand)


def test_very_many_sigmoids_are_close_to_softplus() -> None:
    many = sum_of_sigmoids(200).predict(Z[:, None])[:, 0]
    np.testing.assert_allclose(many, np.log1p(np.exp(Z)), atol=0.012)


def test_a_dropped_unit_scales_its_weights_at_test_and_drops_inputs_in_draws() -> None:
    unit, example = dropped_unit([1, 10], 100, rate=0.25), np.array([[2.0, 3.0]])
    assert unit.predict(example).item() == 100 + 0.75 * (2 + 30)
    assert set(unit.sample_predictions(example, 200, 0).ravel()) == {100, 102, 130, 132}
