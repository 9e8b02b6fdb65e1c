"""Dead units: how many of the hidden units give the same for every training example, so that nothing moves them.

The gradient of a ReLU unit that is off for all examples is 0: it stays off for the rest of the training.
"""

from __future__ import annotations

import numpy as np

from nnlab.training.result import Result


def dead_shares(result: Result) -> list[float]:
    """Return which share of the hidden units is dead, for each seed that did not diverge."""
    shares = []
    for replicate in result.replicates:
        if not replicate.diverged:
            layers = replicate.network.activations(result.dataset.inputs[replicate.split.train])
            dead = np.concatenate([np.ptp(outputs, axis=0) == 0 for outputs in layers])
            shares.append(float(dead.mean()))
    return shares
