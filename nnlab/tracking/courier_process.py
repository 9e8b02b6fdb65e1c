"""The process that delivers the spools of another one, which goes on training meanwhile.

It reads lines from its standard input, `{"spool": folder}` for each new spool and whenever one has ended, and
`{"question": name, ...}` where something is to be looked up in a store; it answers on its standard output. Whatever
stops the other process, its input ends then: it gives the runs that never ended an end, tries to deliver what is left,
and ends itself. What cannot be delivered stays in its spool.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import Timeout

from nnlab.tracking.artifacts import fetch_files
from nnlab.tracking.courier import DELAYED, DELIVERED, REFUSED
from nnlab.tracking.delivery import Delivery
from nnlab.tracking.failure import is_temporary, tracking_error
from nnlab.tracking.quiet import prepare_process, silence
from nnlab.tracking.recorded_runs import recorded_runs
from nnlab.tracking.run_links import experiments_with_runs
from nnlab.tracking.spool import has_owner, spools, store_of
from nnlab.tracking.store import close_store

_NICENESS = 10  # of 19: where all cores train, a record may wait
_LAST_SECONDS = 10.0  # for which it tries to deliver after the other process has ended
_RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
_ANSWERS: dict[str, Callable[..., Any]] = {
    "recorded_runs": recorded_runs,
    "fetch_files": fetch_files,
    "experiments_with_runs": experiments_with_runs,
}


def main() -> None:
    """Deliver until the input ends."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_NICENESS)
    prepare_process()
    courier = _Courier()
    for message in _messages(courier):
        if "spool" in message:
            courier.take(Path(message["spool"]))
        if "question" in message:
            _answer(courier, message)
        courier.deliver()
    courier.end()
    os._exit(0)  # at once: there is much that Python would tidy up


def _messages(courier: _Courier) -> Iterator[dict[str, Any]]:
    """Yield each message, or an empty one when it is time to deliver, until the input ends."""
    inbox: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(inbox,), daemon=True).start()
    while True:
        try:
            line = inbox.get(timeout=courier.seconds_to_wait())
        except queue.Empty:
            yield {}
            continue
        if line is None:
            return
        yield json.loads(line)


def _read(inbox: queue.SimpleQueue[str | None]) -> None:
    for line in sys.stdin:
        inbox.put(line)
    inbox.put(None)


def _answer(courier: _Courier, message: dict[str, Any]) -> None:
    """Look something up in a store, once it has all that others have left for it."""
    answer, error, arguments = None, "", message["arguments"]
    try:
        courier.settle(Path(message["spools"]), arguments["uri"])
        with silence():
            answer = _ANSWERS[message["question"]](**arguments)
            close_store(arguments["uri"])
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is reported
        error = str(tracking_error(arguments["uri"], failure, "reading"))
    _tell({"number": message["number"], "answer": answer, "error": error})


def _tell(line: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):  # the other process was killed
        print(json.dumps(line), flush=True)  # noqa: T201


class _Parcel:
    """A spool that is being delivered.

    Attributes:
        due: when to look at it again, on the monotonic clock.
        is_refused: whether the store will never take it.
    """

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.due = 0.0
        self.is_refused = False
        self._failures = 0

    def advance(self) -> bool:
        """Deliver what is new; return whether nothing is left to do."""
        try:
            is_complete = self.delivery.advance()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            return self._fail(error)
        self._failures = 0
        self.due = time.monotonic() + self.delivery.flush_seconds
        return is_complete

    def _fail(self, error: Exception) -> bool:
        self.due = time.monotonic() + _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        is_final = not is_temporary(error)
        self.report(REFUSED if is_final else DELAYED, str(tracking_error(self.delivery.uri, error)))
        self.is_refused = is_final
        return is_final

    def report(self, state: str, reason: str = "") -> None:
        """Tell the other process what has become of the spool."""
        report = {"state": state, "reason": reason, "seconds": self.delivery.seconds}
        about = {"spool": str(self.delivery.folder), "import_seconds": self.delivery.import_seconds}
        _tell(report | about)


class _Courier:
    """All spools that this process delivers."""

    def __init__(self) -> None:
        self._parcels: dict[Path, _Parcel] = {}
        self._uris: set[str] = set()
        self._knows_leftovers = False
        self._settled: set[tuple[Path, str]] = set()

    def take(self, folder: Path) -> None:
        """Deliver a spool from now on, at once; and with the first one what others have left beside it."""
        self._add(folder)
        if not self._knows_leftovers:
            self._take_leftovers(spools(folder.parent))

    def settle(self, root: Path, uri: str) -> None:
        """Deliver what processes that live no more have left in a folder for a store, with the first question about it.

        Waits for others that deliver such.
        """
        if (root, uri) not in self._settled:
            self._settled.add((root, uri))
            self._take_leftovers([spool for spool in spools(root) if store_of(spool) == uri], _LAST_SECONDS)
            self.deliver()

    def seconds_to_wait(self) -> float | None:
        """Return how long nothing is due."""
        if not self._parcels:
            return None
        return max(0.0, min(parcel.due for parcel in self._parcels.values()) - time.monotonic())

    def deliver(self) -> None:
        """Deliver what is due."""
        for folder, parcel in list(self._parcels.items()):
            if parcel.due <= time.monotonic():
                self._advance(folder, parcel)

    def end(self) -> None:
        """End the runs whose process has ended, and try for a while to deliver all."""
        deadline = time.monotonic() + _LAST_SECONDS
        while self._parcels and time.monotonic() < deadline:
            for parcel in self._parcels.values():
                parcel.delivery.end_for_the_dead()
                parcel.due = min(parcel.due, time.monotonic() + _RETRY_SECONDS[0])
            time.sleep(min(self.seconds_to_wait() or 0.0, _RETRY_SECONDS[0]))
            self.deliver()
        self._close_stores()

    def _take_leftovers(self, folders: Sequence[Path], patience: float = 0) -> None:
        self._knows_leftovers = True
        for folder in [each for each in folders if each not in self._parcels and not has_owner(each)]:
            self._add(folder, patience, only_if_left=True)

    def _add(self, folder: Path, patience: float = _LAST_SECONDS, *, only_if_left: bool = False) -> None:
        if folder in self._parcels:
            self._parcels[folder].due = 0.0
            return
        delivery = Delivery(folder, patience)
        try:
            delivery.__enter__()
        except (Timeout, FileNotFoundError):  # others look after what was left, and at each spool for a moment
            return
        if only_if_left and not delivery.is_left():
            delivery.__exit__()
            return
        self._parcels[folder] = _Parcel(delivery)

    def _advance(self, folder: Path, parcel: _Parcel) -> None:
        is_done = parcel.advance()
        if parcel.delivery.uri:
            self._uris.add(parcel.delivery.uri)
        if not is_done:
            return
        del self._parcels[folder]
        if not self._parcels:
            self._close_stores()
        if not parcel.is_refused:
            parcel.delivery.remove()
            parcel.report(DELIVERED)
        parcel.delivery.__exit__()

    def _close_stores(self) -> None:
        while self._uris:
            close_store(self._uris.pop())


if __name__ == "__main__":
    main()
