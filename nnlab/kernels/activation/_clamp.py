"""Numbers cut at two bounds, of which the hard activations are made."""

from __future__ import annotations

from nnlab.kernels.compilation import kernel


@kernel
def clamp(x, low, high):
    """Return min(max(x, low), high); NaN stays NaN, so that divergence is seen."""
    bottom, top = type(x)(low), type(x)(high)
    x = bottom if x < bottom else x  # noqa: FURB136 - keeps NaN
    return top if x > top else x  # noqa: FURB136


@kernel
def inside(x, low, high):
    """Return 1 between the bounds, 0 at them and beyond."""
    return type(x)(1) if x > type(x)(low) and x < type(x)(high) else type(x)(0)
