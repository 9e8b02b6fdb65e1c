"""Compile what a training needs, or load it from disk, before anything is timed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any, ClassVar

import numba
import numpy as np
from numba.core import event

from nnlab.architecture import Architecture
from nnlab.data import Dataset
from nnlab.design import architecture_of
from nnlab.kernels import entry_points
from nnlab.kernels.ahead import compiling_ahead
from nnlab.kernels.compilation import cache_folder
from nnlab.kernels.interfaces import PRODUCTS
from nnlab.kernels.products import product
from nnlab.network import NO_NOISE, Network
from nnlab.schema import Config
from nnlab.training.descent import Descent
from nnlab.training.helpers import available_cores, compile_help, spare_workers
from nnlab.training.minimisation import is_minimiser


def compile_kernels(config: Config, dataset: Dataset, announce: Callable[[str], None]) -> float:
    """Make training and evaluation of a network ready; return the seconds it took.

    Announces "compiling kernels (first time only) ..." when the first piece is found not to be on disk.
    """
    if numba.config.DISABLE_JIT:
        return 0.0
    start = time.perf_counter()
    with event.install_listener("numba:compile", _Announcer(config.dtype, announce)):
        _compile(config, architecture_of(config, dataset))
    with suppress(OSError):
        os.utime(cache_folder())  # folders of compiled code unused for long are removed
    return time.perf_counter() - start


class _Announcer(event.Listener):  # type: ignore[misc]
    """Makes an announcement when Numba begins to compile, which it does not where it finds machine code on disk.

    Once per process and dtype: in a sweep over pieces, each job would bring half a second of it.
    """

    announced: ClassVar[set[str]] = set()

    def __init__(self, dtype: str, announce: Callable[[str], None]) -> None:
        self._dtype, self._announce = dtype, announce

    def on_start(self, event: Any) -> None:  # noqa: ARG002
        if self._dtype not in self.announced:
            self.announced.add(self._dtype)
            self._announce("compiling kernels (first time only) ...")

    def on_end(self, event: Any) -> None:
        pass


def _compile(config: Config, architecture: Architecture) -> None:
    """Train no step and evaluate no example: the pieces are compiled as they get their addresses."""
    is_minimised = is_minimiser(config.optimizer["name"])
    trained_by = "loss_and_gradients" if is_minimised else "train_epoch"
    cores = min(config.workers or available_cores(), available_cores())
    with compiling_ahead(config.dtype, trained_by) if cores > 1 else nullcontext():
        PRODUCTS.address(product, config.dtype)
        network = Network(architecture, config.dtype)
        objective, optimizer = network.objective, None if is_minimised else Descent.optimizer(config, network)
        if spare_workers(config):
            compile_help(network.dtype)
    none = np.zeros((0, architecture.inputs)), np.zeros((0, architecture.outputs))
    call = (network.model, network.workspace(1), network.examples(*none), np.zeros(0, np.int64), objective)
    if optimizer is None:
        entry_points.loss_and_gradients(*call, NO_NOISE)
    else:
        entry_points.train_epoch(*call, optimizer, NO_NOISE, 1, np.zeros(2, np.int64))
    entry_points.evaluate(*call, NO_NOISE, 1)
