"""Records one run while it trains, without ever making the training wait."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nnlab.errors import TrackingError
from nnlab.tracking import events, points
from nnlab.tracking.courier import REFUSED, Report, courier
from nnlab.tracking.failure import reason, status_of
from nnlab.tracking.run_facts import RunFacts
from nnlab.tracking.spool import Event, Spool, spool_folder

if TYPE_CHECKING:
    import pandas as pd

_PATIENCE_SECONDS = 60.0  # for which the end of a run waits for a disk that is full


class Recorder:
    """One run, from `with` to the end of its block.

    Everything goes to a spool on this machine's disk first; another process delivers it to the store. So a store that
    is down, slow or restarted costs the training no time, and the record nothing. The run ends FINISHED, or FAILED by
    an Exception, or KILLED by Ctrl-C, SystemExit and the like; the exception goes on its way.

    Args:
        uri: the tracking store, see `store_uri`.
        experiment: name of MLflow's experiment, which is created where it is missing.
        facts: what the run is.
        flush_seconds: how often points are delivered during training.
    """

    def __init__(self, uri: str, experiment: str, facts: RunFacts, *, flush_seconds: float = 5.0) -> None:
        self._begin = events.begin(uri, experiment, facts, flush_seconds)
        self._epoch_times: dict[int, int] = {}

    def __enter__(self) -> Self:
        self._spool = Spool(spool_folder())
        self._spool.append(self._begin)
        courier().announce(self._spool.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._append(events.written("".join(traceback.format_exception(error)), "traceback.txt"))
        self._append(events.ended(status_of(error), None if error is None else reason(error)))
        self._spool.close(_PATIENCE_SECONDS)
        courier().finish(self._spool)

    def delivered(self) -> Report:
        """Wait, after the block, until the store has all of the run, or cannot be reached for long; return which.

        Raises:
            TrackingError: the store refuses it.
        """
        report = courier().wait(self._spool)
        if report.state == REFUSED:
            raise TrackingError(f"{report.reason}; the run is kept in {self._spool.folder}")
        return report

    def log_epoch(self, seed: int, epoch: int, metrics: Mapping[str, float]) -> None:
        """Add one epoch to the curves of a seed ("seed_0/train_loss"); any thread may call, at little cost."""
        self._epoch_times[epoch] = time_now = points.now()
        self._append(events.measured(points.epoch_points(seed, epoch, time_now, metrics)))

    def log_mean_curves(self, history: pd.DataFrame) -> None:
        """Add the curves' means over seeds ("mean/train_loss"), from a frame with a row per seed and epoch."""
        self._append(events.measured(points.mean_curve_points(history, self._epoch_times)))

    def log_summary(self, summary: pd.DataFrame) -> None:
        """Add each seed's results ("seed_0/test_accuracy") and their means, from a frame with a row per seed.

        Names that have a curve too get a prefix: "final_train_loss", "seed_0/final_train_loss".
        """
        self._append(events.measured(points.summary_points(summary)))

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Add single numbers."""
        self._append(events.measured(points.plain_points(metrics)))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags, each with the prefix "nnlab."."""
        self._append(events.tagged(tags))

    def log_file(self, path: str | Path, folder: str = "") -> None:
        """Keep a file, which must stay until the run has been delivered, as an artifact."""
        self._append(events.attached(Path(path).resolve(strict=True), folder))

    def _append(self, event: Event) -> None:
        self._spool.append(event)
