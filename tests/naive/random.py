"""Philox and what is drawn from it: slow, obvious references."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from naive.types import Vector

PHILOX_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
PHILOX_KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
WORD = 2**32


def philox(counter: Sequence[int], key: Sequence[int]) -> tuple[int, ...]:
    """Return Philox 4x32-10 of a counter of four words and a key of two."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high_0, low_0 = divmod(PHILOX_MULTIPLIERS[0] * c[0], WORD)
        high_1, low_1 = divmod(PHILOX_MULTIPLIERS[1] * c[2], WORD)
        c = [high_1 ^ c[1] ^ k[0], low_1, high_0 ^ c[3] ^ k[1], low_0]
        k = [(word + step) % WORD for word, step in zip(k, PHILOX_KEY_STEPS, strict=True)]
    return tuple(c)


def word(element: int, key: Sequence[int], address: Sequence[int]) -> int:
    """Return the random word of one element; the address is (step, epoch, layer + 2^24 stream)."""
    return philox((element // 4, *address), key)[element % 4]


def normal(size: int, mean: float, std: float, key: Sequence[int], address: Sequence[int]) -> Vector:
    """Return normal numbers: the quantiles at the first 24 bits of the words."""
    quantile = NormalDist(mean, std).inv_cdf
    return [quantile((word(element, key, address) // 256 + 0.5) / 2**24) for element in range(size)]


def bernoulli(size: int, keep: float, scale: float, key: Sequence[int], address: Sequence[int]) -> Vector:
    """Return `scale` with probability `keep`, else 0, per element; the address is (step, epoch, layer)."""
    return [scale if word(element, key, address) < int(keep * WORD) else 0.0 for element in range(size)]
