"""Networks shared out among processes, each of which trains its own, one after the other, on one thread."""

from __future__ import annotations

import os
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import fmean
from typing import Any

from networks import Data, Network, make_data
from peers import Trainer
from seed_trainers import Prepare, seeded, trainers


def in_processes(prepare: Prepare, network: Network, _data: Data, processes: int) -> Trainer:
    """Train as many networks at a time as there are processes, which make the data themselves."""
    connections = [_start(prepare, network, first, processes) for first in range(processes)]

    def train() -> float:
        for connection in connections:
            connection.send(None)
        return fmean(loss for connection in connections for loss in connection.recv())

    train()
    return train


def _start(*task: Any) -> Any:
    """Start a process, and return our end of a pipe; the process ends when that is closed or forgotten."""
    context = get_context("spawn")  # threads of PyTorch and JAX do not survive a fork
    ours, theirs = context.Pipe()
    context.Process(target=_work, args=(theirs, *task), daemon=True).start()
    theirs.close()
    return ours


def _work(connection: Connection, prepare: Prepare, network: Network, first: int, processes: int) -> None:
    """Prepare every so-manieth network, then train an epoch of each whenever asked."""
    os.environ["PJRT_NPROC"] = "1"  # the only way to tell JAX how many threads to use
    each = trainers(prepare, seeded(network)[first::processes], make_data(network), 1)
    try:
        while True:
            connection.recv()
            connection.send([train() for train in each])
    except (EOFError, KeyboardInterrupt):
        return
