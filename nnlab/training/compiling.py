"""Compile the kernels, or load them from disk, before anything is timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numba
import numpy as np

from nnlab.architecture import Architecture, Dense
from nnlab.kernels import entry_points
from nnlab.kernels.structures import Optimizer
from nnlab.network import NO_MASKS, Network


def compile_kernels(dtype: str, announce: Callable[[str], None]) -> float:
    """Make training and evaluation ready for one dtype; return the seconds it took.

    Announces "compiling kernels (first time only) ..." when the machine code is not on disk yet.
    """
    if numba.config.DISABLE_JIT:
        return 0.0
    start = time.perf_counter()
    marker = _marker(dtype)
    if not marker.exists():
        announce("compiling kernels (first time only) ...")
    _train_smallest_network(dtype)
    with suppress(OSError):  # without it, only the announcement is made once more
        marker.touch()  # each time: folders of compiled code unused for long are removed
    return time.perf_counter() - start


def _marker(dtype: str) -> Path:
    """Return the file that says that the machine code is there, in Numba's folder of it: one per source path."""
    train_epoch = cast("Any", entry_points.train_epoch)
    return Path(train_epoch.stats.cache_path) / f"compiled-{dtype}"


def _train_smallest_network(dtype: str) -> None:
    """Call the entry points once: machine code does not depend on the architecture."""
    architecture = Architecture(1, (Dense(1),), "mean_squared_error", classification=False)
    network = Network(architecture, dtype)
    one = np.ones((1, 1))
    state = np.zeros((0, network.parameters.size), network.dtype)
    optimizer = Optimizer(0, np.zeros(4), state, np.zeros(0))
    call = (network.model, network.workspace(1), network.examples(one, one), np.zeros(1, np.int64))
    entry_points.train_epoch(*call, architecture.objective, optimizer, NO_MASKS, 1, np.zeros(2, np.int64))
    entry_points.evaluate(*call, architecture.objective, NO_MASKS, 1)
