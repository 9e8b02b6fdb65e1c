"""How far a sweep has got whose jobs run in other processes: what has ended stands in its folder."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from nnlab.console import is_live
from nnlab.jobs.sweep_folder import count_ended

_LOOK_SECONDS = 1.0
_SECONDS_BETWEEN_LINES = 5.0


class SweepProgress:
    """Shows how many jobs have ended, from `with` to the end of its block."""

    def __init__(self, folder: Path, jobs: int, console: Console) -> None:
        self._folder, self._jobs, self._console = folder, jobs, console
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._watcher.join()

    def _watch(self) -> None:
        if is_live(self._console):
            with self._console.status("") as status:
                while not self._is_over.wait(_LOOK_SECONDS):
                    status.update(self._text())
            return
        shown, due = self._text(), 0.0
        while not self._is_over.wait(_LOOK_SECONDS):
            text = self._text()
            if text != shown and time.monotonic() >= due:
                self._console.print(text)
                shown, due = text, time.monotonic() + _SECONDS_BETWEEN_LINES

    def _text(self) -> str:
        return f"{count_ended(self._folder)} of {self._jobs} jobs have ended"
