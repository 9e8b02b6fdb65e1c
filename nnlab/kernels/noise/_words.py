"""Random words for the elements of an array: element e has word e % 4 of block e // 4 of Philox."""

from __future__ import annotations

import numpy as np

from nnlab.kernels.compilation import kernel, view
from nnlab.kernels.philox import philox
from nnlab.kernels.regions import as_words, flat, start_of

_WORDS = 4  # random words per call of Philox
_STREAM_BITS = np.uint64(24)  # of the counter's last word are the layer; those above are the stream

# Streams tell apart the random numbers of one layer's noises. Dropout's is 0: its address is the layer alone.
DROPOUT, GAUSSIAN_DROPOUT, GAUSSIAN_NOISE, DROPCONNECT = range(4)


@kernel
def address(layer, stream):
    """Return the last word of the counter of all random numbers that one noise of one layer draws."""
    return np.uint64(layer) | np.uint64(stream) << _STREAM_BITS


@kernel
def fill_words(words, draw, number):
    """Fill a flat array of whole numbers with random words of 32 bits; `number` is an `address`."""
    k0, k1 = np.uint64(draw.key_low), np.uint64(draw.key_high)
    step, epoch, number = np.uint64(draw.step), np.uint64(draw.epoch), np.uint64(number)
    whole = words.size // _WORDS
    for block in range(whole):
        r0, r1, r2, r3 = philox(np.uint64(block), step, epoch, number, k0, k1)
        words[block * _WORDS] = r0
        words[block * _WORDS + 1] = r1
        words[block * _WORDS + 2] = r2
        words[block * _WORDS + 3] = r3
    last = philox(np.uint64(whole), step, epoch, number, k0, k1)
    for word in range(words.size - whole * _WORDS):
        words[whole * _WORDS + word] = last[word]


@view
def words_of(values):
    """Return the memory of an array of numbers as whole numbers, one per element."""
    return flat(as_words(start_of(values)), 0, values.size)
