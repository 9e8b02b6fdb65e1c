"""Orthogonal: W^T W = I, or W W^T = I where there are more units than inputs; all singular values are 1.

It keeps the length of signals through linear layers of any depth; the gain is the setting `scale`.
Source: Saxe et al. 2014; Mezzadri 2007 for the signs.
"""

from __future__ import annotations

import numpy as np

from nnlab.initialisation._common import COMMON

PARAMETERS = {**COMMON}


def weights(generator: np.random.Generator, inputs: int, units: int) -> np.ndarray:
    """Return weights (inputs, units) drawn evenly from all orthogonal ones: the Q of a normal matrix = Q R."""
    long, short = max(inputs, units), min(inputs, units)
    q, r = np.linalg.qr(generator.normal(size=(long, short)))
    # LAPACK chooses the signs of R's diagonal; only with positive ones is Q evenly distributed.
    q *= np.copysign(1.0, np.diag(r))
    return q if inputs >= units else q.T
