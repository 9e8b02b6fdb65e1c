"""From one spool to the store: what is new goes there, in order, and exactly once.

After each call of MLflow the spool notes how far the store has got. A kill in between makes a call happen twice, which
changes nothing: the store keeps equal points, parameters and tags once, and a run is looked for before it is created
again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from nnlab.tracking import events
from nnlab.tracking.points import Point
from nnlab.tracking.quiet import silence
from nnlab.tracking.run_writer import RunWriter, create_run, find_run, spool_tag
from nnlab.tracking.spool import Event, Progress, Reader, has_owner
from nnlab.tracking.store import ensure_experiment, import_mlflow, open_store

_MOST_POINTS = 1000  # that are kept before they are written
_ENDED_WITHIN = "SystemExit: the process ended within the run"


class Delivery:
    """What one process delivers of a spool, from `with` to the end of its block.

    Attributes:
        folder: of the spool.
        uri: of the store; empty until the spool's first event has been read.
        seconds: spent in MLflow so far, its import excluded.
        import_seconds: spent importing MLflow.
        flush_seconds: how often the run wants its points to be delivered.
    """

    def __init__(self, folder: Path, patience: float = 0) -> None:
        self.folder = folder
        self.uri, self.seconds, self.import_seconds, self.flush_seconds = "", 0.0, 0.0, 0.0
        self._reader = Reader(folder, patience)
        self._progress = Progress()
        self._writer: RunWriter | None = None

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            filelock.Timeout: another process delivers this spool, for longer than the patience in seconds.
            FileNotFoundError: another process has delivered it.
        """
        self._reader.__enter__()
        self._progress = self._reader.progress()
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.__exit__()

    def advance(self) -> bool:
        """Deliver what is new; return whether that was all there will ever be.

        Raises:
            Exception: the store did not take it; what it had taken before is noted.
        """
        first = next(self._reader.events(0), None)
        if first is None:
            return False
        begin, behind = first
        writer = self._writer = self._writer or self._opened(begin)
        if self._progress.offset == 0:
            self._call(writer.describe, events.facts_of(begin), begin["versions"])
            self._keep(offset=behind)
        points: list[Point] = []
        reached = self._progress.offset
        for event, offset in self._reader.events(self._progress.offset):
            points += events.points_of(event) if event["event"] == events.POINTS else []
            reached = offset
            if event["event"] != events.POINTS or len(points) >= _MOST_POINTS:
                self._write(writer, points, event)
                self._keep(offset=offset, has_ended=event["event"] == events.END)
                points = []
        if points:
            self._call(writer.write_metrics, points)
            self._keep(offset=reached)
        return self._progress.has_ended

    def end_for_the_dead(self) -> None:
        """Give the run an end if it has none, and the process that wrote it lives no more."""
        if has_owner(self.folder):
            return
        kinds = [event["event"] for event, _ in self._reader.events(0)]
        if kinds and kinds[-1] != events.END:
            self._reader.append(events.ended("KILLED", _ENDED_WITHIN, self._reader.last_written()))

    def is_left(self) -> bool:
        """Tell whether the process that wrote it lives no more; if so, the run has an end now, or there was none."""
        if has_owner(self.folder):
            return False
        self.end_for_the_dead()
        if next(self._reader.events(0), None) is None:
            self._reader.remove()
            return False
        return True

    def remove(self) -> None:
        """Remove the spool, of which everything has been delivered."""
        self._reader.remove()

    def _opened(self, begin: Event) -> RunWriter:
        """Return the writer of the run, which is created the first time."""
        self.uri, self.flush_seconds = begin["uri"], begin["flush_seconds"]
        started = time.perf_counter()
        with silence():
            import_mlflow(self.uri)
        self.import_seconds += time.perf_counter() - started
        return self._call(self._begin, begin)  # type: ignore[no-any-return]

    def _begin(self, begin: Event) -> RunWriter:
        client = open_store(self.uri)
        if not self._progress.run_id:
            experiment_id = ensure_experiment(client, self.uri, begin["experiment"])
            spool = self.folder.name
            run_id = find_run(client, experiment_id, spool) if self._progress.began else ""
            self._keep(began=True)
            source = begin["source"] | spool_tag(spool)
            run_id = run_id or create_run(client, experiment_id, begin["started"], source, begin["facts"]["name"])
            self._keep(run_id=run_id)
        return RunWriter(client, self._progress.run_id)

    def _write(self, writer: RunWriter, points: list[Point], event: Event) -> None:
        """Write points, then another event."""
        if points:
            self._call(writer.write_metrics, points)
        if event["event"] == events.TAGS:
            self._call(writer.set_tags, event["tags"])
        elif event["event"] == events.TEXT:
            self._call(writer.write_text, event["text"], event["name"])
        elif event["event"] == events.FILE:
            self._call(self._attach, writer, Path(event["path"]), event["folder"])
        elif event["event"] == events.END:
            self._call(self._finish, writer, event)

    def _attach(self, writer: RunWriter, path: Path, folder: str) -> None:
        if path.exists():
            writer.write_file(path, folder)
        else:  # the user has removed it meanwhile
            writer.set_tags({f"missing.{path.name}": path})

    def _finish(self, writer: RunWriter, event: Event) -> None:
        if self._progress.seconds == 0:  # measured once, so that a second try writes the same point
            self._keep(seconds=self.seconds)
        writer.write_metrics([Point("seconds_logging", self._progress.seconds, 0, event["ended"])])
        if event["reason"] is not None:
            writer.set_tags({"reason": event["reason"]})
        writer.finish(event["status"], event["ended"])

    def _call(self, call: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            with silence():
                return call(*arguments)
        finally:
            self.seconds += time.perf_counter() - started

    def _keep(self, **changed: Any) -> None:
        self._progress = self._progress._replace(**changed)
        self._reader.keep(self._progress)
