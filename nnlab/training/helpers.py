"""Workers without a seed of their own help a seed that still trains: they take parts of its steps.

Whether anybody helps, and who does what, changes no bit of the result, see `nnlab.kernels.sharing`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import numba
import numpy as np

from nnlab.kernels.sharing import BOARD, help_with
from nnlab.schema import Config
from nnlab.table import aligned_zeros

_PATIENCE = 400_000  # looks at the boards: about a millisecond, longer than a network is busy between two tasks
_limit: list[int] = []  # of cores, from the outermost to the innermost; none: all of them
_FIRST_PAUSE, _LONGEST_PAUSE = 1e-3, 50e-3  # seconds: networks with small products alone never have work for others


class Helpers:
    """What the threads that train and those that help share: a board for each network that is being trained.

    Args:
        networks: how many are trained at a time.
        panel: elements of the buffer that a helper needs, as many as the largest of the networks' own has.
        dtype: of the networks.
    """

    def __init__(self, networks: int, panel: int, dtype: np.dtype) -> None:
        self._boards = _boards(networks)
        self._panel, self._dtype = panel, dtype
        self._free: SimpleQueue[np.ndarray] = SimpleQueue()
        for board in self._boards:
            self._free.put(board)

    @contextmanager
    def board(self) -> Iterator[np.ndarray]:
        """Lend a board (BOARD,) to one network that is being trained."""
        board = self._free.get()
        try:
            yield board
        finally:
            self._free.put(board)

    def help(self, trainings: Sequence[Future[Any]]) -> int:
        """Do parts of whatever is announced, until all trainings have ended in any way; return how many."""
        panel, parts, pause = aligned_zeros(self._panel, self._dtype), 0, _FIRST_PAUSE
        while running := [training for training in trainings if not training.done()]:
            done = help_with(self._boards, panel, _PATIENCE)
            parts += done
            if done:
                pause = _FIRST_PAUSE
            else:
                wait(running, pause)  # it ends with the last of them
                pause = min(2 * pause, _LONGEST_PAUSE)
        return parts


def spare_workers(config: Config) -> int:
    """Return how many workers may be without a seed and help.

    None where they have no cores of their own, as a network waits for those who do its parts; nor where nothing is
    compiled.
    """
    cores = available_cores()
    workers = config.workers or cores
    return 0 if workers > cores or numba.config.DISABLE_JIT else workers - 1


def compile_help(dtype: np.dtype) -> None:
    """Compile what helpers do, or load it from disk."""
    help_with(_boards(1), aligned_zeros(1, dtype), 0)


def available_cores() -> int:
    """Return how many cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _limit[-1]) if _limit else cores


@contextmanager
def limited_cores(most: int) -> Iterator[None]:
    """Let this process use no more cores than so many, as others do the same beside it."""
    _limit.append(most)
    try:
        yield
    finally:
        _limit.pop()


def _boards(networks: int) -> np.ndarray:
    """Return boards (networks, BOARD) on which nothing is announced."""
    return aligned_zeros(networks * BOARD, np.dtype(np.int64)).reshape(networks, BOARD)
