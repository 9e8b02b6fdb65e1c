"""maxout(z)_j = max over the pieces z_(j,1) ... z_(j,pieces) of unit j. Source: Goodfellow et al. 2013.

The pieces of unit j are the neighbouring pre-activations j * pieces ... (j + 1) * pieces - 1. Where several pieces are
equal, the gradient goes to the first.
"""

from __future__ import annotations

from nnlab.checks import Parameter, whole
from nnlab.kernels.compilation import kernel

PARAMETERS = {"pieces": Parameter(2, whole(at_least=2))}
NEEDS_PRE_ACTIVATIONS = True


@kernel
def forward(z, bias, a, _):
    """Add the bias to z (batch, units * pieces) and write each unit's largest piece to a (batch, units)."""
    pieces = z.shape[1] // a.shape[1]
    for i in range(a.shape[0]):
        for j in range(z.shape[1]):
            z[i, j] += bias[j]
        for j in range(a.shape[1]):
            a[i, j] = z[i, _largest(z[i], j * pieces, pieces)]


@kernel
def backward(z, a, delta, pre_delta, bias_gradient, _):
    """Pass each unit's delta to its largest piece alone."""
    pieces = z.shape[1] // a.shape[1]
    bias_gradient[:] = 0
    pre_delta[:] = 0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            largest = _largest(z[i], j * pieces, pieces)
            pre_delta[i, largest] = delta[i, j]
            bias_gradient[largest] += delta[i, j]


@kernel
def _largest(z, start, pieces):
    """Return the index of the largest of some neighbours; NaN counts as largest, so that divergence is seen."""
    largest = start
    for k in range(start + 1, start + pieces):
        if z[k] > z[largest] or z[k] != z[k]:
            largest = k
    return largest
