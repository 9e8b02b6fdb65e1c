"""One thread that does jobs in the order in which they were given."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

Job = Callable[[], None]


class Worker:
    """Runs jobs one after another on its own thread; jobs must not raise.

    Args:
        idle: called on the same thread, about every `every` seconds while there is no job.
        every: seconds between two idle calls.
    """

    def __init__(self, idle: Job, every: float) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._idle = idle
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="nnlab-tracking")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Add a job to the end of the queue."""
        self._jobs.put(job)

    def discard(self) -> None:
        """Forget all jobs that have not begun, and a stop that has not been reached."""
        while not self._jobs.empty():
            try:
                self._jobs.get_nowait()
            except queue.Empty:  # the thread took the last one meanwhile
                return

    def stop(self) -> None:
        """End the thread after the jobs given so far."""
        self._jobs.put(None)

    def wait(self) -> None:
        """Wait until the thread has ended; unlike Thread.join, it may be interrupted and called again."""
        self._ended.wait()

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                job()
        finally:
            self._ended.set()

    def _next(self) -> Job | None:
        try:
            return self._jobs.get(timeout=self._every)
        except queue.Empty:
            return self._idle
