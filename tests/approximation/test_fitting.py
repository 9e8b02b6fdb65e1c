"""Fits reach the best that is known by hand, and the best of several starts is kept."""

from __future__ import annotations

import numpy as np
import pytest

from nnlab.approximation.envelope import pieces_of
from nnlab.approximation.fitting import best_fit, fit, fitted, largest_error
from nnlab.approximation.networks import maxout_unit, relu_network, start
from nnlab.approximation.targets import target_of


@pytest.mark.parametrize("elements", [2, 3, 5, 9])
def test_every_element_of_a_maxout_unit_has_a_piece_at_the_start(elements: int) -> None:
    unit = maxout_unit(elements)
    for seed in range(5):
        start(unit, np.random.default_rng(seed))
        assert len(pieces_of(unit)) == elements


@pytest.mark.parametrize(("widths", "inputs"), [([7], 1), ([7], 2), ([8, 8], 1), ([8, 8, 8], 2)])
def test_every_relu_unit_begins_to_be_on_at_some_point(widths: list[int], inputs: int) -> None:
    """So it is off for some points, or on for some, and for the first layer both."""
    network = relu_network(widths, inputs)
    start(network, np.random.default_rng(3))
    lattice = np.linspace(-1, 1, 41)
    values = np.stack(np.meshgrid(*[lattice] * inputs), axis=-1).reshape(-1, inputs)
    for layer in range(len(widths)):
        z = values @ network.weights[layer] + network.biases[layer]
        assert (z.max(axis=0) > -0.05).all()
        assert (z.min(axis=0) < 0.05).all()
        assert np.unique(network.biases[layer]).size == widths[layer]
        values = np.maximum(z, 0)


def test_two_elements_fit_a_parabola_as_well_as_two_lines_can() -> None:
    """With least squares each line is, on its half, x²'s tangent + 1/12: errors of 1/12 inside and 1/6 at the ends."""
    unit, target = maxout_unit(2), target_of("parabola")
    start(unit, np.random.default_rng(1))
    fit(unit, target)
    assert np.sort(unit.weights[0][0]) == pytest.approx([-1, 1], abs=0.02)
    assert unit.biases[0] == pytest.approx([-1 / 4 + 1 / 12] * 2, abs=0.02)
    assert largest_error(unit, target) == pytest.approx(1 / 6, abs=0.02)


def test_a_fit_leaves_the_gradient_at_zero() -> None:
    network, target = relu_network([4]), target_of("wave")
    start(network, np.random.default_rng(0))
    before, gradient = network.loss_and_gradient(target.points, target.function(target.points))
    fit(network, target)
    after, left = network.loss_and_gradient(target.points, target.function(target.points))
    assert after < before
    assert np.abs(left).max() < 1e-3 * np.abs(gradient).max()


def test_the_best_of_several_fits_is_kept() -> None:
    target, network = target_of("wave"), relu_network([10])
    generator, errors = np.random.default_rng(1), []
    for _ in range(4):
        start(network, generator)
        fit(network, target)
        errors.append(largest_error(network, target))
    assert errors[-1] > min(errors), "else the last would do as well"
    assert best_fit(network, target, np.random.default_rng(1), starts=4) == min(errors)
    assert largest_error(network, target) == min(errors)


def test_no_further_start_is_tried_once_the_error_is_small_enough() -> None:
    unit, target = maxout_unit(2), target_of("absolute")
    generator, other = np.random.default_rng(0), np.random.default_rng(0)
    best_fit(unit, target, generator, starts=5, enough=10.0)
    start(unit, other)
    assert generator.bit_generator.state == other.bit_generator.state
    best_fit(unit, target, generator, starts=2)
    start(unit, other)
    assert generator.bit_generator.state != other.bit_generator.state


def test_a_fitted_network_is_the_best_of_its_starts() -> None:
    network, same = relu_network([6]), relu_network([6])
    best_fit(network, target_of("wave"), np.random.default_rng(2), starts=3)
    assert fitted(same, "wave", seed=2, starts=3) is same
    np.testing.assert_array_equal(same.parameters, network.parameters)
