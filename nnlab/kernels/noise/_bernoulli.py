"""Bernoulli factors from the counter-based generator Philox."""

from __future__ import annotations

import numpy as np

from nnlab.kernels.compilation import kernel
from nnlab.kernels.noise._words import fill_words, words_of

_TWO_32 = 4294967296.0


@kernel
def fill_bernoulli(mask, keep, scale, draw, number):
    """Fill a flat array with `scale`, with probability `keep`, or 0; `number` is an address of random words."""
    value, nothing = mask.dtype.type(scale), mask.dtype.type(0)
    threshold = np.uint64(keep * _TWO_32)
    words = words_of(mask)
    fill_words(words, draw, number)
    for element in range(mask.size):
        mask[element] = value if words[element] < threshold else nothing
