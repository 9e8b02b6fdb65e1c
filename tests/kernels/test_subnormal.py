"""Subnormal numbers are 0 within kernels, and as always outside of them."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from kernel_cases import JIT, data_for, network_of, optimizer_of, stack

from nnlab.kernels import entry_points
from nnlab.kernels.subnormal import flush_subnormals, restore_mode
from nnlab.network import NO_NOISE

SUBNORMAL = np.float32(1e-40)

pytestmark = pytest.mark.skipif(not JIT, reason="a mode of the processor, set by compiled code alone")


@numba.njit
def _halves(number):
    before = number[0] * np.float32(0.5)
    mode = flush_subnormals()
    within = number[0] * np.float32(0.5)
    restore_mode(mode)
    return before, within, number[0] * np.float32(0.5)


def test_a_subnormal_number_is_0_between_flush_and_restore() -> None:
    before, within, after = _halves(np.array([SUBNORMAL]))
    assert before == after == SUBNORMAL * np.float32(0.5) > 0
    assert within == 0


def test_a_velocity_that_fades_ends_at_0_and_the_mode_is_as_before() -> None:
    network = network_of(stack("relu", 2), "softmax_cross_entropy", "float32")
    network.biases[0][:] = -1e6  # so that all hidden units are off, and the gradients of their weights 0
    inputs, targets = data_for(network, 6)
    optimizer = optimizer_of(network, "momentum", np.full(6, 0.01))
    smallest = np.finfo(np.float32).smallest_normal
    optimizer.state[:] = smallest
    call = (network.model, network.workspace(1), network.examples(inputs, targets), np.arange(6), network.objective)
    entry_points.train_epoch(*call, optimizer, NO_NOISE, 1, np.zeros(2, np.int64))
    velocity = optimizer.state[0, : network.weights[0].size]
    assert not velocity.any()
    assert SUBNORMAL * np.float32(0.5) > 0
