"""The process that delivers what this one spools, so that training neither waits for a store nor imports MLflow."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from nnlab.errors import TrackingError
from nnlab.tracking.spool import Spool, spool_folder

DELIVERED, DELAYED, REFUSED = "delivered", "delayed", "refused"
_END_SECONDS = 5.0  # for which the process is waited for when nothing is left to do
PATIENCE_SECONDS = 30.0  # for which the end of a command waits for a store that cannot be reached
_LOOK_SECONDS = 0.5  # after which it looks whether the process still lives
_TRIES = 3  # to start the process
_ENDS_BY_ITSELF = "the process that delivers ends by itself"


class Report(NamedTuple):
    """What has become of a spool: DELIVERED, DELAYED as long as the store cannot be reached, or REFUSED by it."""

    state: str
    reason: str = ""
    seconds: float = 0.0  # in MLflow, its import excluded
    import_seconds: float = 0.0


class Courier:
    """One process that delivers; it starts with the first spool, and anew should it have been killed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._dismissed: list[subprocess.Popen[str]] = []  # that still try to deliver something
        self._changed = threading.Condition()
        self._reports: dict[Path, Report] = {}
        self._answers: dict[int, dict[str, Any]] = {}
        self._questions = 0
        self._starts = 0
        self._open: set[Path] = set()  # of the runs, those that are not delivered
        self._ended: list[Spool] = []  # of the runs that have ended, those that nobody has waited for

    def announce(self, spool: Path) -> None:
        """Have a spool delivered from now on; what is new in it at once, if it is known already."""
        with self._changed:
            self._open.add(spool)
            self._send({"spool": str(spool)})

    def ask(self, question: str, **arguments: Any) -> Any:
        """Have the process look something up in a store, after it has delivered what others have left.

        Args:
            question: one of those that `nnlab.tracking.courier_process` answers.
            arguments: what it takes; plain values.

        Raises:
            TrackingError: the store cannot be read.
        """
        with self._changed:
            self._questions += 1
            number = self._questions
            spools = str(spool_folder())
            message = {"question": question, "number": number, "spools": spools, "arguments": arguments}
            self._send(message)
            while number not in self._answers:
                if not self._changed.wait(_LOOK_SECONDS) and not self._lives():
                    if self._starts >= _TRIES:
                        raise TrackingError(_ENDS_BY_ITSELF)
                    self._send(message)
            answer = self._answers.pop(number)
        if answer["error"]:
            raise TrackingError(answer["error"])
        return answer["answer"]

    def finish(self, spool: Spool) -> None:
        """Have the rest of a spool delivered whose run has ended."""
        self._ended.append(spool)
        self.announce(spool.folder)

    def wait_for_all(self) -> list[Report]:
        """Wait for all runs that have ended; return the reports of those that are not delivered."""
        left: list[Report] = []
        for spool in list(self._ended):
            report = self.wait(spool, 0.0 if left else None)
            left += [] if report.state == DELIVERED else [report]
        return left

    def wait(self, spool: Spool, patience: float | None = None) -> Report:
        """Wait until a spool whose run has ended is delivered or refused, or its store cannot be reached for long.

        Args:
            spool: which one.
            patience: seconds that are long; by default PATIENCE_SECONDS.
        """
        patience = PATIENCE_SECONDS if patience is None else patience
        self._ended.remove(spool)
        report = self._awaited(spool.folder, patience)
        if report.state == DELIVERED:
            self._open.discard(spool.folder)
        spool.release()
        return report

    def _awaited(self, folder: Path, patience: float) -> Report:
        delayed_since = None
        with self._changed:
            while (report := self._reports.get(folder, Report(DELAYED))).state == DELAYED:
                now = time.monotonic()
                delayed_since = (delayed_since or now) if report.reason else None
                if delayed_since is not None and now - delayed_since >= patience:
                    break
                if not self._changed.wait(_LOOK_SECONDS) and not self._lives():
                    self._revive(folder)
            return self._reports.pop(folder, report)

    def close(self) -> None:
        """Let the process end; first wait for the runs that have ended, unless their store cannot be reached.

        Runs that go on have lost their process when this one has ended: then they are ended too, without it.
        """
        with suppress(KeyboardInterrupt):
            self.wait_for_all()
        self._dismiss(0 if self._open else _END_SECONDS)
        self._starts = 0

    def _dismiss(self, patience: float) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            self._dismissed.append(process)

    def _revive(self, spool: Path) -> None:
        if self._starts < _TRIES:
            self.announce(spool)
        else:
            self._reports[spool] = Report(REFUSED, _ENDS_BY_ITSELF)

    def _send(self, message: dict[str, Any]) -> None:
        for _ in range(_TRIES):
            try:
                self._write(message)
            except OSError:  # it was killed just now
                self._dismiss(_END_SECONDS)
            else:
                return

    def _write(self, message: dict[str, Any]) -> None:
        if not self._lives():
            self._dismiss(_END_SECONDS)
            self._start()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        """Start the process in a session of its own: Ctrl-C is not for it, it ends when this one has ended."""
        self._starts += 1
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nnlab.tracking.courier_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout:
            for line in process.stdout:
                fields = json.loads(line)
                with self._changed:
                    if "number" in fields:
                        self._answers[fields["number"]] = fields
                    else:
                        spool = Path(fields.pop("spool"))
                        self._reports[spool] = Report(**fields)
                    self._changed.notify_all()


@cache
def _courier_of(_process_id: int) -> Courier:
    courier = Courier()
    atexit.register(courier.close)
    return courier


def courier() -> Courier:
    """Return the courier of this process; a forked one has its own."""
    return _courier_of(os.getpid())


def wait_for_all() -> list[Report]:
    """Wait for the records of all runs of this process; return the reports of those that are not delivered."""
    return courier().wait_for_all()


def undelivered_note(reports: Sequence[Report]) -> str:
    """Return one line about runs that are not delivered: how many, why, and what to do."""
    runs = "the run is" if len(reports) == 1 else f"{len(reports)} runs are"
    them = "it is" if len(reports) == 1 else "they are"
    return f"{runs} not in the store yet ({reports[0].reason}); {them} kept: python -m nnlab.tracking sync"
