"""Networks that other threads help: the same bits, whoever did which part."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from joined_cases import NORMALISATIONS
from kernel_cases import DTYPES, JIT, data_for, draw_of, dropout, network_of, optimizer_of
from optimizer_cases import OPTIMIZERS

from nnlab import updates
from nnlab.architecture import Dense, Piece
from nnlab.kernels import entry_points, shared_steps
from nnlab.kernels.sharing import BOARD, HELPERS, TICKET, help_with
from nnlab.network import NO_NOISE, Network

# Narrow networks are passed by rows; of wide ones, and of those with noise, products are shared.
RELU, TANH = Piece("relu"), Piece("tanh")
NETWORKS: dict[str, tuple[int, tuple[Dense, ...]]] = {
    "narrow": (64, (*[Dense(48, RELU)] * 3, Dense(33, Piece("prelu", {"slopes": "shared", "init": 0.25})), Dense(5))),
    "one wide layer": (301, (Dense(290, TANH), Dense(70, TANH), Dense(3))),
    "wide": (301, (Dense(450, TANH), Dense(70, TANH), Dense(3))),
    "noisy": (150, (Dense(120, RELU, dropout(0.3)), Dense(110, TANH, dropconnect=0.2), Dense(3))),
    "normalised": (150, (*[Dense(120, RELU, normalisation=NORMALISATIONS["batch"])] * 2, Dense(3))),
    "tiny": (5, (Dense(4, TANH), Dense(3))),
}
if not JIT:
    NETWORKS = {"narrow": (4, (*[Dense(5, RELU)] * 2, Dense(3))), "cut": (80, (Dense(60, RELU), Dense(3)))}
BATCH, STEPS, EPOCHS = (90, 4, 5) if JIT else (34, 2, 1)
PATIENCE = 2_000_000 if JIT else 50  # long, so that no helper is away while the network trains


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


def trained(
    name: str, optimizer: str, dtype: str, count: int, regularisers: dict[str, float] | None = None
) -> tuple[Network, int]:
    """Return a network after some epochs, and how many parts its helpers did."""
    inputs, layers = NETWORKS[name]
    network = network_of(layers, "softmax_cross_entropy", dtype, inputs)
    examples = network.examples(*data_for(network, BATCH * STEPS))
    workspace, order = network.workspace(BATCH), np.arange(BATCH * STEPS)
    rule = optimizer_of(network, optimizer, np.full(STEPS, 1e-3))
    if regularisers:
        piece = Piece(optimizer, {"learning_rate": 0.001, "momentum": 0.9})
        rule = updates.optimizer_of(network.parameters, piece, np.full(STEPS, 1e-3), None, regularisers)
    call = (network.model, workspace, examples, order, network.objective, rule, draw_of(), BATCH)
    control = np.zeros(2, np.int64)
    with helpers(workspace.board, workspace.panel.size, network.dtype, count) as parts:
        for _ in range(EPOCHS):
            network.last = entry_points.train_epoch(*call, control)
    return network, sum(parts)


def assert_same_bits(alone: Network, helped: Network) -> None:
    assert np.array_equal(alone.parameters, helped.parameters)
    assert np.array_equal(alone.statistics, helped.statistics)
    assert alone.last == helped.last, "losses and scores are summed in one order"


@pytest.fixture(autouse=True)
def _everything_is_shared_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    if not JIT:
        monkeypatch.setattr(shared_steps, "_LEAST", 1)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NETWORKS)
def test_helpers_change_no_bit(name: str, dtype: str) -> None:
    assert_same_bits(trained(name, "momentum", dtype, 0)[0], trained(name, "momentum", dtype, 1)[0])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_helpers_change_no_bit_of_an_optimizer(optimizer: str) -> None:
    name = "one wide layer" if JIT else "narrow"
    assert_same_bits(trained(name, optimizer, "float32", 0)[0], trained(name, optimizer, "float32", 1)[0])


@pytest.mark.parametrize("regulariser", ["l2", "clip_global_norm", "max_norm"])
def test_helpers_change_no_bit_between_regularisers(regulariser: str) -> None:
    alone, helped = (trained("narrow", "momentum", "float32", count, {regulariser: 0.01})[0] for count in (0, 1))
    assert_same_bits(alone, helped)


def test_more_helpers_than_cores_change_no_bit() -> None:
    alone, _ = trained("narrow", "adam", "float32", 0)
    for _ in range(5):
        assert_same_bits(alone, trained("narrow", "adam", "float32", 4)[0])


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "tiny"])
def test_helpers_do_parts(name: str) -> None:
    tries = (trained(name, "adam", "float32", 1)[1] for _ in range(200))  # on a busy machine a helper may come too late
    assert any(parts > 0 for parts in tries)


@pytest.mark.skipif(not JIT, reason="everything is shared")
def test_of_a_tiny_network_nothing_is_shared() -> None:
    assert trained("tiny", "adam", "float32", 1)[1] == 0


def test_helpers_leave_when_nothing_is_announced() -> None:
    board = np.zeros((1, BOARD), np.int64)
    assert help_with(board, np.zeros(1, np.float32), 100) == 0
    assert not board.any()


def test_a_network_without_helpers_announces_nothing() -> None:
    inputs, layers = NETWORKS["narrow"]
    network = network_of(layers, "softmax_cross_entropy", "float32", inputs)
    workspace = network.workspace(BATCH)
    examples = network.examples(*data_for(network, BATCH))
    call = (network.model, workspace, examples, np.arange(BATCH), network.objective, NO_NOISE)
    entry_points.loss_and_gradients(*call)
    assert workspace.board[TICKET] == 0
