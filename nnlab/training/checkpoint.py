"""Checkpoints: the state of one seed's training in a file, from which it goes on with the same bits.

A checkpoint is a NumPy archive (.npz) of plain arrays; nothing in it is pickled. `facts`, a JSON text, says what was
trained: two trainings with the same facts and the same state go on alike.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.errors import DataError
from nnlab.network_file import network_arrays, read_archive, write_archive
from nnlab.training.scoring import Metrics
from nnlab.training.state import TrainingState

_FORMAT = 1
_KEPT = ("best_parameters", "best_statistics")
_NEEDED = ("facts", "history", "metrics", "best", "parameters", "statistics", "optimizer_state", "optimizer_memory")


@dataclass(frozen=True)
class Checkpoint:
    """The content of a checkpoint file."""

    path: Path
    facts: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def history(self) -> list[Metrics]:
        """The metrics of the epochs that were trained."""
        names = [str(name) for name in self.arrays["metrics"]]
        return [dict(zip(names, row, strict=True)) for row in self.arrays["history"].tolist()]

    def restore(self, state: TrainingState) -> None:
        """Put a training, which must be of the same facts, where this one was."""
        for name, array in state.arrays.items():
            array[:] = self.arrays[name]
        state.history[:] = self.history
        epoch, loss = self.arrays["best"].tolist()
        state.best.epoch, state.best.loss = int(epoch), loss
        state.best.kept = [self.arrays[name] for name in _KEPT if name in self.arrays]


def write_checkpoint(path: Path, state: TrainingState, facts: Mapping[str, Any]) -> None:
    """Write a checkpoint; a process that is killed meanwhile leaves the one before it."""
    names = list(state.history[0]) if state.history else []
    values = {
        **network_arrays(state.network),
        **state.arrays,
        **dict(zip(_KEPT, state.best.kept, strict=False)),
        "facts": np.array(json.dumps({"format": _FORMAT, **facts})),
        "metrics": np.array(names, np.str_),
        "history": np.array([[metrics[name] for name in names] for metrics in state.history]),
        "best": np.array([state.best.epoch, state.best.loss if state.best.epoch else math.inf]),
    }
    write_archive(path, values)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        DataError: there is no such file, or it is no whole checkpoint of this format.
    """
    arrays = read_archive(path, _NEEDED)
    facts = json.loads(str(arrays.pop("facts")))
    if facts.pop("format", None) != _FORMAT:
        raise DataError(f"{path} is a checkpoint of another version of nnlab")
    return Checkpoint(path, facts, arrays)
