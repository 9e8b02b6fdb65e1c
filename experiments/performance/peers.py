"""The peers, and what each of their modules offers.

A peer's module ``peer_*.py`` imports its package at the top and offers one function::

    def prepare(network: Network, data: Data) -> Trainer

It builds the network from `first_layers`, compiles, warms up, and returns a function that trains ONE epoch:
all batches of `data` in a freshly shuffled order, each gathered from the whole data, in float32. Every call
goes on from where the last one ended and returns the mean loss of its steps as a float, so that nothing can
be skipped and all work is done when it returns. A peer with `threads` is prepared once for each count, given
to ``prepare`` as a third argument; the fastest count by median stands for the peer.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Trainer = Callable[[], float]
Report = Callable[[str], None]  # shows one line of progress


class Peer(NamedTuple):
    """How a peer is shown, the module that trains with it, and the thread counts it is tried with."""

    title: str
    module: str
    threads: tuple[int, ...] = ()


PEERS: dict[str, Peer] = {
    "nnlab": Peer("nnlab", "peer_nnlab", threads=(1, 2)),
    "pytorch": Peer("PyTorch eager", "peer_pytorch_eager", threads=(1, 2)),
    "compile": Peer("torch.compile", "peer_pytorch_compile", threads=(1, 2)),
    "jax": Peer("JAX", "peer_jax"),
    "scikit-learn": Peer("scikit-learn", "peer_scikit_learn"),
}


class Variant(NamedTuple):
    """A peer with one of its thread counts; 0 threads stand for the peer's own default."""

    peer: str
    threads: int
    prepare: Callable[..., Trainer]


def load_variants(names: Iterable[str], report: Report, peers: Mapping[str, Any] = PEERS) -> list[Variant]:
    """Return all variants of the named peers; a peer that cannot be imported is skipped with one line."""
    return [variant for name in names for variant in _load(name, peers[name], report)]


def _load(name: str, peer: Any, report: Report) -> list[Variant]:
    try:
        prepare: Any = importlib.import_module(peer.module).prepare
    except ImportError as error:
        report(f"{name} is skipped: {error}")
        return []
    return [Variant(name, threads, prepare) for threads in peer.threads or (0,)]


def prepare_variant(variant: Variant, *problem: Any) -> Trainer:
    """Return the variant's trainer for a problem: a network and its data."""
    return variant.prepare(*problem, *([variant.threads] if variant.threads else []))
