"""Dropout: Bernoulli factors of a layer's inputs. Source: Srivastava et al. 2014.

The factor of element e (row x inputs + column of the batch) of layer l in a step depends on the seed's key and on
(e, step, epoch, l) alone. Two scalings, the same prediction in expectation: "inverted" trains with factors 0 or
1 / keep and tests with 1; "weights" trains with 0 or 1 and tests with keep, which equals weights times keep.
"""

from __future__ import annotations

import numpy as np

from nnlab.kernels.compilation import kernel
from nnlab.kernels.philox import philox

_WORDS = 4  # random words per call of Philox
_TWO_32 = 4294967296.0


@kernel
def drop(inputs, layer, number, draw, mask, kept):
    """Write the factors of this step to `mask` and inputs * mask to `kept`, all (batch, inputs), flat."""
    if draw.training:
        fill_bernoulli(mask, layer.keep, layer.kept_scale, draw, number)
    else:
        mask[:] = layer.test_scale
    for i in range(mask.size):
        kept[i] = inputs[i] * mask[i]


@kernel
def fill_bernoulli(mask, keep, scale, draw, number):
    """Fill a flat array with `scale`, with probability `keep`, or 0; element e uses word e % 4 of block e // 4."""
    value = mask.dtype.type(scale)
    nothing = mask.dtype.type(0)
    threshold = np.uint64(keep * _TWO_32)
    k0, k1 = np.uint64(draw.key[0]), np.uint64(draw.key[1])
    step, epoch, layer = np.uint64(draw.step), np.uint64(draw.epoch), np.uint64(number)
    whole = mask.size // _WORDS
    for block in range(whole):
        r0, r1, r2, r3 = philox(np.uint64(block), step, epoch, layer, k0, k1)
        start = block * _WORDS
        mask[start] = value if r0 < threshold else nothing
        mask[start + 1] = value if r1 < threshold else nothing
        mask[start + 2] = value if r2 < threshold else nothing
        mask[start + 3] = value if r3 < threshold else nothing
    last = philox(np.uint64(whole), step, epoch, layer, k0, k1)
    for word in range(mask.size - whole * _WORDS):
        mask[whole * _WORDS + word] = value if last[word] < threshold else nothing
