"""Named random streams: each derives from the seed, its name and an address, and from nothing else.

So a stream never depends on what another has drawn: changing the width leaves split and batch order as they were, and
any epoch's order can be drawn again without the epochs before it.
"""

from __future__ import annotations

import numpy as np

# A stream is known by its place; append new ones, never reorder.
STREAMS = ("split", "initialisation", "order", "masks", "label_noise")


def sequence(seed: int, stream: str, *address: int) -> np.random.SeedSequence:
    """Return NumPy's seed sequence of one stream of a seed, at an address such as the epoch."""
    return np.random.SeedSequence(seed, spawn_key=(STREAMS.index(stream), *address))


def generator(seed: int, stream: str, *address: int) -> np.random.Generator:
    """Return a generator for one stream of a seed, at an address such as the epoch."""
    return np.random.default_rng(sequence(seed, stream, *address))


def philox_key(seed: int, stream: str) -> np.ndarray:
    """Return the key (2,) of uint32 with which kernels draw a stream themselves."""
    return sequence(seed, stream).generate_state(2, np.uint32)
