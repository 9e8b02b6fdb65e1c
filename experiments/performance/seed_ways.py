"""The ways to train ten seeds: what a peer offers for many networks at once, or one network after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from peers import Report, Trainer, Variant, load_variants
from seed_processes import in_processes
from seed_trainers import in_one, in_threads, in_turn


class Way(NamedTuple):
    """How a way is shown, the module that trains, how it is used, and the numbers of threads (or processes) to try."""

    title: str
    module: str
    how: Callable[..., Trainer]
    threads: tuple[int, ...] = ()


WAYS: dict[str, Way] = {
    "nnlab": Way("nnlab", "peer_nnlab", in_threads, (1, 2)),
    "pytorch": Way("PyTorch eager", "peer_pytorch_eager", in_turn, (1, 2)),
    "pytorch-processes": Way("PyTorch eager, processes", "peer_pytorch_eager", in_processes, (2,)),
    "pytorch-vmap": Way("PyTorch eager, vmap", "seeds_pytorch_eager", in_one, (1, 2)),
    "compile": Way("torch.compile", "peer_pytorch_compile", in_turn, (1, 2)),
    "compile-processes": Way("torch.compile, processes", "peer_pytorch_compile", in_processes, (2,)),
    "compile-vmap": Way("torch.compile, vmap", "seeds_pytorch_compile", in_one, (1, 2)),
    "jax": Way("JAX", "peer_jax", in_turn),
    "jax-threads": Way("JAX, threads", "peer_jax", in_threads, (2,)),
    "jax-processes": Way("JAX, processes", "peer_jax", in_processes, (2,)),
    "jax-vmap": Way("JAX, vmap", "seeds_jax", in_one),
}


def load_ways(names: Iterable[str], report: Report) -> list[Variant]:
    """Return all variants of the named ways; one whose package cannot be imported is skipped with one line."""
    variants = load_variants(names, report, WAYS)
    return [variant._replace(prepare=partial(WAYS[variant.peer].how, variant.prepare)) for variant in variants]
