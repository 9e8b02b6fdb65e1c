"""Train in this process, and print as JSON by how many bytes it grew, and by how many it should have.

With the size F of a number (4 bytes in float32), P parameters and n examples, a training of seeds on workers takes

    data     once: the data as they are loaded, and one copy for kernels, F n (features + outputs + 1)
    seed     each, to the end: F (P + statistics), 8 n for the rows of its splits, and the table of operations
    worker   each: the workspace of the network that it trains (values, deltas and targets of a batch, F P of gradients,
             the buffer of products), F P for each number that the optimizer keeps per parameter, 16 bytes per training
             example for the order of an epoch and the one before, F P for the best epoch where that is kept; or, if
             that is more, three times CHUNK rows of the data in float64, to which it fits the scaling before
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np

import nnlab
from nnlab.architecture import Piece
from nnlab.data.scaling import CHUNK
from nnlab.network import EVALUATION_BATCH
from nnlab.training.result import Result
from nnlab.updates import optimizer_of


def main() -> None:
    """Train once on little data, so that all is compiled and imported, then on the given."""
    overrides = ["epochs=1", *sys.argv[1:]]
    elsewhere = [override for override in overrides if not override.startswith("dataset")]
    nnlab.train([*elsewhere, "dataset=digits", "seeds=1"])
    before = _resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    result = nnlab.train(["dataset=npz", *overrides])
    grown = {"peak": _resident("VmHWM") - before, "end": _resident("VmRSS") - before}
    print(json.dumps(grown | _formula(result)))


def _resident(name: str) -> int:
    """Return the memory that the process has, or has had at most, in bytes."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def _formula(result: Result) -> dict[str, int]:
    """Return what the formula says of the data, a seed and a worker, in bytes."""
    config, dataset, replicate = result.config, result.dataset, result.replicates[0]
    network, number = replicate.network, replicate.network.dtype.itemsize
    examples, train = len(dataset.inputs), replicate.split.train.nbytes
    workspace = network.workspace(max(int(config.batch_size), EVALUATION_BATCH))
    optimizer = optimizer_of(network.parameters, Piece.of(config.optimizer), np.zeros(0))
    kept, features, outputs = _size(*network.arrays), dataset.inputs.shape[1], dataset.targets.shape[1]
    training = _size(*workspace, optimizer.state) + 2 * train + kept * bool(config.early_stopping["restore_best"])
    return {
        "data": _size(dataset.inputs, dataset.targets) + examples * number * (features + outputs + 1),
        "seed": kept + network.operations.nbytes + _size(*vars(replicate.split).values()),
        "worker": max(training, 3 * CHUNK * features * 8),
    }


def _size(*arrays: object) -> int:
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


if __name__ == "__main__":
    main()
