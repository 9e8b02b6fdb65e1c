"""Random bits that are a pure function of an address: Philox 4x32-10.

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; checked against the
known answers of their library Random123. No state: any thread, device or resumed run draws the same bits.
"""

from __future__ import annotations

import numpy as np

from nnlab.kernels.compilation import inlined

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_WORD = np.uint64(32)
_ROUNDS = 10


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Return four words of 32 random bits for a counter of four words and a key of two, all held in uint64."""
    c0, c1, c2, c3, k0, k1 = c0 & _LOW, c1 & _LOW, c2 & _LOW, c3 & _LOW, k0 & _LOW, k1 & _LOW  # so the compiler knows
    for _ in range(_ROUNDS):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _WORD) ^ c1 ^ k0,
            product_1 & _LOW,
            (product_0 >> _WORD) ^ c3 ^ k1,
            product_0 & _LOW,
        )
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3
