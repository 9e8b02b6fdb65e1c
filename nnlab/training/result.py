"""What training a configuration gave: tables by seed and epoch, and the trained networks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nnlab.data import Dataset
from nnlab.errors import ConfigurationError
from nnlab.network import Network
from nnlab.schema import Config
from nnlab.training.replicate import Replicate

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Seconds:
    """Where the time went, in seconds of wall time."""

    compiling: float
    training: float
    logging: float
    importing_mlflow: float = 0.0


@dataclass(frozen=True)
class Result:
    """The result of one configuration over its seeds."""

    config: Config
    dataset: Dataset
    replicates: list[Replicate]
    seconds: Seconds

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row per seed: final loss and score on train, validation and test, the best epoch, divergence, seconds.

        Final values of a seed that diverged are NaN.
        """
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(
            [
                {"seed": r.seed, **r.final, **r.best}
                | {"epochs": len(r.history), "diverged": r.diverged, "seconds": r.seconds}
                for r in self.replicates
            ]
        )

    @cached_property
    def history(self) -> pd.DataFrame:
        """A row per seed and epoch: the running mean of loss and score on train, and both on validation."""
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(
            [
                {"seed": r.seed, "epoch": epoch, **metrics}
                for r in self.replicates
                for epoch, metrics in enumerate(r.history, start=1)
            ]
        )

    def network(self, seed: int) -> Network:
        """Return the trained network of one seed."""
        for replicate in self.replicates:
            if replicate.seed == seed:
                return replicate.network
        trained = ", ".join(str(replicate.seed) for replicate in self.replicates)
        raise ConfigurationError(f"no network was trained with seed={seed}: the seeds are {trained}")
