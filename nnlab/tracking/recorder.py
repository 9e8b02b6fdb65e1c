"""Records one run while it trains, without ever making the training wait."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nnlab.errors import TrackingError
from nnlab.tracking import points
from nnlab.tracking.background import Worker
from nnlab.tracking.failure import reason, status_of, tracking_error
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.run_facts import RunFacts
from nnlab.tracking.run_writer import RunWriter
from nnlab.tracking.store import close_store, import_mlflow

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_POLL_SECONDS = 1.0


class Recorder:
    """One run in the tracking store, from `with` to the end of its block.

    Everything that MLflow does happens in order on one background thread, and the end of the block waits for
    it. The run ends FINISHED, or FAILED by an Exception, or KILLED by Ctrl-C, SystemExit and the like; the
    exception goes on its way. If recording fails, the next call on the thread that entered the block, or else
    the end of the block, raises TrackingError, once; an exception of the training itself comes first.

    Args:
        uri: the tracking store, see `store_uri`.
        experiment: name of MLflow's experiment, which is created where it is missing.
        facts: what the run is.
        flush_seconds: how often metrics are written during training.

    Attributes:
        seconds: time spent in MLflow so far, its import excluded.
        import_seconds: time spent importing MLflow.
    """

    def __init__(self, uri: str, experiment: str, facts: RunFacts, *, flush_seconds: float = 5.0) -> None:
        self._uri = uri
        self._writer = RunWriter(uri, experiment, facts)
        self._points = points.PointBuffer()
        self._epoch_times: dict[int, int] = {}
        self._flush_seconds = flush_seconds
        self._worker = Worker(self._idle, min(flush_seconds, _LONGEST_POLL_SECONDS))
        self._failure: TrackingError | None = None
        self._has_surfaced = False
        self.seconds = 0.0
        self.import_seconds = 0.0

    def __enter__(self) -> Self:
        prepare_process()
        self._owner = threading.get_ident()
        self._flushed = time.monotonic()
        self._worker.submit(self._import_mlflow)
        self._submit(self._writer.begin, points.now())
        self._worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close(error)
        except BaseException:  # Ctrl-C again, while waiting: give up all but the status
            self._abandon()
            raise
        if error is None:
            self._surface()
        elif self._failure is not None and error is not self._failure:
            error.add_note(str(self._failure))

    def log_epoch(self, seed: int, epoch: int, metrics: Mapping[str, float]) -> None:
        """Add one epoch to the curves of a seed ("seed_0/train_loss"); any thread may call, at no cost."""
        self._surface()
        self._epoch_times[epoch] = time_now = points.now()
        self._points.add(points.epoch_points(seed, epoch, time_now, metrics))

    def log_mean_curves(self, history: pd.DataFrame) -> None:
        """Add the curves' means over seeds ("mean/train_loss"), from a frame with a row per seed and epoch."""
        self._surface()
        self._points.add(points.mean_curve_points(history, self._epoch_times))

    def log_summary(self, summary: pd.DataFrame) -> None:
        """Add each seed's results ("seed_0/test_accuracy") and their means, from a frame with a row per seed.

        Names that have a curve too get a prefix: "final_train_loss", "seed_0/final_train_loss".
        """
        self._surface()
        self._points.add(points.summary_points(summary))

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Add single numbers."""
        self._surface()
        self._points.add(points.plain_points(metrics))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags, each with the prefix "nnlab."."""
        self._surface()
        self._submit(self._writer.set_tags, dict(tags))

    def log_file(self, path: str | Path, folder: str = "") -> None:
        """Keep a file, which must stay until the end of the block, as an artifact."""
        self._surface()
        self._submit(self._writer.write_file, Path(path).resolve(strict=True), folder)

    def _close(self, error: BaseException | None) -> None:
        ended = points.now()
        self._submit(self._flush)
        if isinstance(error, Exception):
            self._submit(self._writer.write_text, "".join(traceback.format_exception(error)), "traceback.txt")
        self._submit(self._write_seconds)
        self._end(error, ended)

    def _abandon(self) -> None:
        self._worker.discard()
        self._end(KeyboardInterrupt("while the record was being completed"), points.now())

    def _end(self, error: BaseException | None, ended: int) -> None:
        self._worker.submit(partial(self._finish, error, ended))
        self._worker.stop()
        self._worker.wait()

    def _surface(self) -> None:
        """Raise a failure of the background, once, and on no thread but the one that entered the block."""
        if self._failure is not None and not self._has_surfaced and threading.get_ident() == self._owner:
            self._has_surfaced = True
            raise self._failure

    # What follows runs on the background thread.

    def _import_mlflow(self) -> None:
        self.import_seconds = self._attempt(import_mlflow, self._uri)

    def _submit(self, call: Callable[..., None], *arguments: Any) -> None:
        """Give a call to the background thread; it is left out if one before it failed."""
        self._worker.submit(lambda: None if self._failure else self._record(call, *arguments))

    def _record(self, call: Callable[..., None], *arguments: Any) -> None:
        self.seconds += self._attempt(call, *arguments)

    def _attempt(self, call: Callable[..., None], *arguments: Any) -> float:
        """Make a call, keep its failure unless there is one already, and return the seconds it took."""
        started = time.perf_counter()
        try:
            with silence():
                call(*arguments)
        except Exception as error:  # noqa: BLE001
            if self._failure is None:
                self._failure = tracking_error(self._uri, error)
                self._failure.__cause__ = error
        return time.perf_counter() - started

    def _flush(self) -> None:
        self._flushed = time.monotonic()
        self._writer.write_metrics(self._points.drain())

    def _write_seconds(self) -> None:
        self._writer.write_metrics(points.plain_points({"seconds_logging": self.seconds}))

    def _finish(self, error: BaseException | None, ended: int) -> None:
        """End the run whatever failed before, and let go of the store."""
        error = error or self._failure
        if not self._writer.run_id:
            return
        if error is not None:
            self._record(self._writer.set_tags, {"reason": reason(error)})
        self._record(self._writer.finish, status_of(error), ended)
        self._record(close_store, self._uri)

    def _idle(self) -> None:
        if not threading.main_thread().is_alive():  # the block was never left: keep neither process nor run
            self._finish(SystemExit("the process ended within the run"), points.now())
            self._worker.stop()
        elif self._failure is None and time.monotonic() - self._flushed >= self._flush_seconds:
            self._record(self._flush)
