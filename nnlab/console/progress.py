"""Live progress of a training: a bar in a terminal or notebook, a line every few seconds in a pipe."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from nnlab.console import is_live
from nnlab.console.formatting import metric_text

_WIDE = 100
_POLL_SECONDS = 0.1
_SECONDS_BETWEEN_LINES = 5.0
_SECONDS_TO_FIRST_LINE = 2.0


class HasProgress(Protocol):
    """What can be followed: a training that tells which part of it is done."""

    @property
    def progress(self) -> float:
        """The part that is done, 0 to 1."""
        ...


class TrainingProgress:
    """Shows epoch, loss, accuracy and time left from `with` to the end of its block."""

    def __init__(self, console: Console, epochs: int) -> None:
        self._console, self._epochs = console, epochs
        self._is_live = is_live(console)
        self._bar = Progress(
            BarColumn(bar_width=20 if console.width >= _WIDE else 8),
            TextColumn("{task.percentage:3.0f} %"),
            TextColumn("{task.description}"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=1.0, start=False)
        self._text = ""
        self._followed: HasProgress | None = None
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="progress", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._followed is not None:
            self._watcher.join()
        if self._is_live:
            self._bar.stop()

    def announce(self, text: str) -> None:
        """Say what is being done before the training starts."""
        self._console.print(text)

    def follow(self, training: HasProgress) -> None:
        """Start to show the progress of a training."""
        self._followed = training
        if self._is_live:
            self._bar.start()
        self._bar.start_task(self._task)
        self._watcher.start()

    def observe(self, seed: int, epoch: int, metrics: Mapping[str, float]) -> None:
        """Take note of an epoch; any thread may call."""
        score = next((key for key in metrics if key.startswith("validation") and not key.endswith("loss")), "")
        shown = [f"seed {seed}", f"epoch {epoch}/{self._epochs}", f"loss {metric_text('loss', metrics['train_loss'])}"]
        if score:
            shown.append(f"validation {metric_text(score, metrics[score])}")
        self._text = " · ".join(shown)

    def _watch(self) -> None:
        """Look at the training ten times a second, from a thread of its own, so that training never waits."""
        started = last_line = time.monotonic()
        last_line += _SECONDS_TO_FIRST_LINE - _SECONDS_BETWEEN_LINES
        while not self._is_over.wait(_POLL_SECONDS):
            done = self._watch_once()
            if not self._is_live and time.monotonic() - last_line >= _SECONDS_BETWEEN_LINES:
                last_line = time.monotonic()
                self._print_line(done, last_line - started)

    def _watch_once(self) -> float:
        done = 0.0 if self._followed is None else self._followed.progress
        self._bar.update(self._task, completed=done, description=self._text)
        return done

    def _print_line(self, done: float, elapsed: float) -> None:
        left = f" · {elapsed / done - elapsed:.0f} s left" if done > 0 else ""
        self._console.print(f"training {100 * done:3.0f} % · {self._text or 'first epoch'}{left}")
