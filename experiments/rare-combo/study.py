"""How often networks recognise both attributes of test examples whose combination is rare in training."""

import numpy as np

import nnlab
from nnlab.data import Dataset

CLASSES = 10


def measure(overrides: list[str], seed: int) -> dict[str, float]:
    """Return the recall of the rare combination, and the accuracy on all others, in per cent of test examples.

    Both attributes must be right. Each seed has images of its own (tuning has those of dataset.seed=0), and its own
    class that is rare: the last digit.
    """
    own = [f"dataset.seed={seed + 1}", f"dataset.rare_class={seed % CLASSES}"]
    result = nnlab.train([*overrides, *own, f"seeds=[{seed}]"])
    if result.summary["diverged"].any():
        return {"recall": np.nan, "others": np.nan}
    return dict(zip(("recall", "others"), recalls(result.network(seed), result.dataset), strict=True))


def recalls(network: nnlab.Network, dataset: Dataset) -> tuple[float, float]:
    """Return how many test examples of the rare combination, and of all others, a network recognises, in per cent."""
    rest, tested = slice(-dataset.official_test), slice(-dataset.official_test, None)
    truth = combinations(dataset, dataset.targets)
    right = combinations(dataset, network.predict(dataset.inputs[tested])) == truth[tested]
    is_rare = truth[tested] == rarest(truth[rest])
    return 100 * float(right[is_rare].mean()), 100 * float(right[~is_rare].mean())


def combinations(dataset: Dataset, columns: np.ndarray) -> np.ndarray:
    """Return the number of the most probable combination (rows,) by outputs or targets (rows, outputs)."""
    chosen = [block.argmax(axis=1) for block in dataset.blocks(columns)]
    return np.ravel_multi_index(chosen, dataset.heads) if dataset.heads else chosen[0]


def rarest(numbers: np.ndarray) -> int:
    """Return the combination with the fewest examples among those that there are."""
    found, counts = np.unique(numbers, return_counts=True)
    return int(found[counts.argmin()])
