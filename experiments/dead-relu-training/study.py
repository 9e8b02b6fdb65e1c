"""What training leaves of ReLU networks: how many are constant, how many of their units are, and what they learned."""

import numpy as np

import nnlab
from nnlab.figures.dead_units import dead_shares
from nnlab.training.result import Result


def measure(overrides: list[str], seed: int, trainings: int = 1) -> dict[str, float]:
    """Return the means over so many trainings, each with a seed of its own; NaN if one diverged.

    collapsed: share of networks whose output is the same for all training examples. dead: share of hidden units whose
    activation is. error: test examples that are wrong, or, of a regression, the variance of the test targets that is
    left over, both in per cent.
    """
    seeds = range(seed * trainings, (seed + 1) * trainings)
    result = nnlab.train([*overrides, f"seeds=[{','.join(map(str, seeds))}]"])
    if result.summary["diverged"].any():
        return dict.fromkeys(("collapsed", "dead", "error"), np.nan)
    score = "test_r2" if "test_r2" in result.summary else "test_accuracy"
    return {
        "collapsed": float(np.mean(collapsed(result))),
        "dead": float(np.mean(dead_shares(result))),
        "error": 100 * (1 - float(result.summary[score].mean())),
    }


def collapsed(result: Result) -> list[bool]:
    """Tell of each network whether its output is the same for all its training examples."""
    networks = ((each.network, result.dataset.inputs[each.split.train]) for each in result.replicates)
    return [bool((np.ptp(network.predict(inputs), axis=0) == 0).all()) for network, inputs in networks]
