"""How often each head is right, where a network has several: an example counts as right only if all are."""

from __future__ import annotations

from nnlab.data import Dataset, Split
from nnlab.network import Network
from nnlab.training.scoring import Metrics


def head_accuracies(network: Network, dataset: Dataset, split: Split) -> Metrics:
    """Return the accuracy of each head on each part of the split ("test_shape_accuracy"); nothing for one head."""
    if not dataset.heads:
        return {}
    accuracies = {}
    for part, rows in vars(split).items():
        predictions, targets = network.predict(dataset.inputs[rows]), dataset.targets[rows]
        blocks = zip(_names(dataset), dataset.blocks(predictions), dataset.blocks(targets), strict=True)
        for name, block, truth in blocks:
            right = block.argmax(axis=1) == truth.argmax(axis=1)
            accuracies[f"{part}_{name}_accuracy"] = float(right.mean())
    return accuracies


def _names(dataset: Dataset) -> list[str]:
    """Return the name of each head: of its classes "shape=round" and "shape=square", shape."""
    starts = [sum(dataset.heads[:head]) for head in range(len(dataset.heads))]
    return [dataset.class_names[start].partition("=")[0] for start in starts]
