"""Where the training of one seed stands: all that its next epoch depends on, beside the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nnlab.kernels.structures import Optimizer
from nnlab.network import Network
from nnlab.training.early_stopping import BestEpoch
from nnlab.training.scoring import Metrics


@dataclass
class TrainingState:
    """The state of one seed between two epochs.

    Random streams have none: each epoch's derive from the seed and the number of the epoch.
    """

    network: Network
    optimizer: Optimizer | None  # None: the training is driven by a minimiser
    best: BestEpoch
    history: list[Metrics] = field(default_factory=list)  # of the epochs trained so far

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays that an epoch changes in place, by name."""
        parameters, statistics = self.network.arrays
        arrays = {"parameters": parameters, "statistics": statistics}
        if self.optimizer is not None:
            arrays |= {"optimizer_state": self.optimizer.state, "optimizer_memory": self.optimizer.memory}
        return arrays
