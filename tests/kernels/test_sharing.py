"""Networks that other threads help: the same bits, whoever did which part."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from kernel_cases import DTYPES, JIT, data_for, network_of, optimizer_of
from optimizer_cases import OPTIMIZERS

from nnlab.architecture import Dense, Piece
from nnlab.kernels import entry_points
from nnlab.kernels.sharing import BOARD, HELPERS, TICKET, help_with
from nnlab.network import NO_NOISE, Network

pytestmark = pytest.mark.skipif(not JIT, reason="nobody helps where nothing is compiled")

# Inputs, units: products on both sides of what is worth sharing, cut along rows and along columns, with rests.
WIDE = (301, (Dense(290, Piece("tanh")), Dense(70, Piece("tanh")), Dense(3)))
BATCH, STEPS, EPOCHS = 90, 4, 5
PATIENCE = 2_000_000  # long, so that no helper is away while the network trains


@contextmanager
def helpers(board: np.ndarray, panel: int, dtype: np.dtype, count: int) -> Iterator[list[int]]:
    """Let threads help while something is computed; how many parts each did stands in the list afterwards."""
    over, parts = threading.Event(), []

    def help_on() -> int:
        done, buffer = 0, np.full(panel, np.nan, dtype)
        while not over.is_set():
            done += help_with(board.reshape(1, BOARD), buffer, PATIENCE)
        return done

    with ThreadPoolExecutor(max(1, count)) as pool:
        futures = [pool.submit(help_on) for _ in range(count)]
        while board[HELPERS] < min(1, count):
            time.sleep(1e-3)
        try:
            yield parts
        finally:
            over.set()
            parts += [future.result() for future in futures]


def trained(optimizer: str, dtype: str, count: int) -> tuple[Network, int]:
    """Return a wide network after some epochs, and how many parts its helpers did."""
    inputs, layers = WIDE
    network = network_of(layers, "softmax_cross_entropy", dtype, inputs)
    examples = network.examples(*data_for(network, BATCH * STEPS))
    workspace, order = network.workspace(BATCH), np.arange(BATCH * STEPS)
    rule = optimizer_of(network, optimizer, np.full(STEPS, 1e-3))
    call = (network.model, workspace, examples, order, network.objective, rule, NO_NOISE, BATCH, np.zeros(2, np.int64))
    with helpers(workspace.board, workspace.panel.size, network.dtype, count) as parts:
        for _ in range(EPOCHS):
            entry_points.train_epoch(*call)
    return network, sum(parts)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_helpers_change_no_bit(optimizer: str, dtype: str) -> None:
    alone, _ = trained(optimizer, dtype, 0)
    helped, _ = trained(optimizer, dtype, 1)
    assert np.array_equal(alone.parameters, helped.parameters)


def test_more_helpers_than_cores_change_no_bit() -> None:
    alone, _ = trained("adam", "float32", 0)
    for _ in range(5):
        helped, _ = trained("adam", "float32", 4)
        assert np.array_equal(alone.parameters, helped.parameters)


def test_helpers_do_parts() -> None:
    tries = (trained("adam", "float32", 1)[1] for _ in range(200))  # on a busy machine a helper may come too late
    assert any(parts > 0 for parts in tries)


def test_helpers_leave_when_nothing_is_announced() -> None:
    board = np.zeros((1, BOARD), np.int64)
    assert help_with(board, np.zeros(1, np.float32), 100) == 0
    assert not board.any()


def test_a_network_without_helpers_announces_nothing() -> None:
    inputs, layers = WIDE
    network = network_of(layers, "softmax_cross_entropy", "float32", inputs)
    workspace = network.workspace(BATCH)
    examples = network.examples(*data_for(network, BATCH))
    call = (network.model, workspace, examples, np.arange(BATCH), network.objective, NO_NOISE)
    entry_points.loss_and_gradients(*call)
    assert workspace.board[TICKET] == 0
