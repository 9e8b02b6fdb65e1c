"""From one peer's `prepare` (see `peers.py`) to a trainer of an epoch of ten networks that differ in their seed.

Where the peer's module has ``load(network, data)``, all networks share what it returns in place of the data.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from inspect import signature
from statistics import fmean

from networks import Data, Network
from peers import Trainer

SEEDS = 10

Prepare = Callable[..., Trainer]


def seeded(network: Network) -> list[Network]:
    """Return the network once for each seed."""
    return [replace(network, seed=seed) for seed in range(SEEDS)]


def trainers(prepare: Prepare, networks: Sequence[Network], data: Data, threads: int) -> list[Trainer]:
    """Return a trainer of each network, with that number of threads if the peer has a choice."""
    load = getattr(sys.modules[prepare.__module__], "load", lambda _network, data: data)
    shared = load(networks[0], data)
    choice = [threads] if "threads" in signature(prepare).parameters else []
    return [prepare(network, shared, *choice) for network in networks]


def in_turn(prepare: Prepare, network: Network, data: Data, threads: int = 0) -> Trainer:
    """Train one network after the other."""
    each = trainers(prepare, seeded(network), data, threads)
    return lambda: fmean(train() for train in each)


def in_threads(prepare: Prepare, network: Network, data: Data, threads: int) -> Trainer:
    """Train as many networks at a time as there are threads, each of them on one."""
    each = trainers(prepare, seeded(network), data, 1)
    pool = ThreadPoolExecutor(threads)
    return lambda: fmean(pool.map(_call, each))


def in_one(prepare: Prepare, network: Network, data: Data, *threads: int) -> Trainer:
    """Let the peer train all networks itself, as one."""
    return prepare(seeded(network), data, *threads)


def _call(train: Trainer) -> float:
    return train()
