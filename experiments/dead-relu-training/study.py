"""What training leaves of ReLU networks: how many are constant, how many of their units are, and what they learned."""

import numpy as np

import nnlab
from nnlab.training.dead_units import dead_shares
from nnlab.training.replicate import ReplicateTraining
from nnlab.training.result import Result
from nnlab.training.shared_examples import SharedExamples


def measure(overrides: list[str], seed: int, trainings: int = 1) -> dict[str, float]:
    """Return the means over so many trainings, each with a seed of its own; NaN if one diverged.

    collapsed: share of networks whose output is the same for all training examples. died: by how much that is more than
    before training. dead: share of hidden units whose activation is the same for all. error: test examples that are
    wrong, or, of a regression, the variance of the test targets that is left over, both in per cent.
    """
    seeds = range(seed * trainings, (seed + 1) * trainings)
    result = nnlab.train([*overrides, f"seeds=[{','.join(map(str, seeds))}]"])
    if result.summary["diverged"].any():
        return dict.fromkeys(("collapsed", "died", "dead", "error"), np.nan)
    score = "test_r2" if "test_r2" in result.summary else "test_accuracy"
    constant = np.mean(collapsed(result))
    return {
        "collapsed": float(constant),
        "died": float(constant - np.mean(born_constant(result))),
        "dead": float(np.mean(dead_shares(result))),
        "error": 100 * (1 - float(result.summary[score].mean())),
    }


def collapsed(result: Result) -> list[bool]:
    """Tell of each network whether its output is the same for all its training examples."""
    return [is_constant(each.network, result.dataset.inputs[each.split.train]) for each in result.replicates]


def born_constant(result: Result) -> list[bool]:
    """Tell the same of each network as it was before training."""
    shared = SharedExamples.of(result.dataset, result.config.dtype)
    starts = (ReplicateTraining(result.config, result.dataset, shared, each.seed) for each in result.replicates)
    return [is_constant(start.network, result.dataset.inputs[start.split.train]) for start in starts]


def is_constant(network: nnlab.Network, inputs: np.ndarray) -> bool:
    """Tell whether all outputs are the same for all inputs (examples, features)."""
    return bool((np.ptp(network.predict(inputs), axis=0) == 0).all())
