"""The record of one run on disk, written before anything of it reaches the store: a line of JSON for each event.

A spool is a folder in `.nnlab/spool`: `events.jsonl`, which only grows; `delivered.json`, which says how much of it the
store has; and two locks, of the process that writes and of the one that delivers. A kill frees a lock, so that whoever
gets the first one knows that nobody will write any more. Of what was delivered nothing stays.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from filelock import FileLock, Timeout

from nnlab.errors import TrackingError

Event = dict[str, Any]

EVENTS = "events.jsonl"
_DELIVERED, _NEW = "delivered.json", "delivered.new"
_NAME = re.compile(r"[0-9a-f]{32}")
_WRITER, _DELIVERER = "writer.lock", "deliverer.lock"
_SECONDS_BETWEEN_TRIES = 0.5


def spool_folder() -> Path:
    """Return the folder of all spools: $NNLAB_SPOOL, or .nnlab/spool in the current folder."""
    return Path(os.environ.get("NNLAB_SPOOL") or Path.cwd() / ".nnlab" / "spool").absolute()


class Spool:
    """Where one process writes the events of one run; any thread may.

    What the disk does not take, as it is full for example, is kept in memory and tried again with each further event.

    Attributes:
        folder: of this spool; its name is unique.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / uuid.uuid4().hex
        self._lock = threading.Lock()
        self._waiting = b""
        try:
            self._open(root)
        except OSError as error:
            raise TrackingError(f"cannot write to {self.folder}: {error.strerror}") from error

    def append(self, event: Event) -> None:
        """Add an event."""
        line = json.dumps(event, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            self._waiting += line
            with suppress(OSError):
                self._write()

    def close(self, patience: float) -> None:
        """Make sure that everything is on disk, and write no more; others still leave the spool alone.

        Args:
            patience: seconds for which a disk that takes nothing is tried again.

        Raises:
            TrackingError: it did not take everything.
        """
        deadline = time.monotonic() + patience
        try:
            while not self._is_on_disk(deadline):
                time.sleep(_SECONDS_BETWEEN_TRIES)
        finally:
            os.close(self._file)

    def release(self) -> None:
        """Let any process deliver it."""
        self._writer.release()

    def _open(self, root: Path) -> None:
        """Make the folder under a hidden name: whoever looks for spools sees it when its lock is held."""
        hidden = root / f".{self.folder.name}"
        hidden.mkdir(parents=True)
        if root.parent.name == ".nnlab":
            (root.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        self._writer = FileLock(hidden / _WRITER)
        self._writer.acquire()
        self._file = os.open(hidden / EVENTS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._size = 0
        hidden.rename(self.folder)

    def _is_on_disk(self, deadline: float) -> bool:
        try:
            with self._lock:
                self._write()
                os.fsync(self._file)
        except OSError as error:
            if time.monotonic() >= deadline:
                raise TrackingError(
                    f"cannot write to {self.folder}: {error.strerror}; the record ends early"
                ) from error
            return False
        return True

    def _write(self) -> None:
        """Write what waits, whole lines or nothing: half a line would spoil the next one."""
        if not self._waiting:
            return
        written = os.write(self._file, self._waiting)
        if written < len(self._waiting):
            os.ftruncate(self._file, self._size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._size += written
        self._waiting = b""


def spools(root: Path) -> list[Path]:
    """Return the folders of all spools that have not been delivered, the oldest first.

    One without events has been delivered: what a killed process has left of its folder is removed.
    """
    found = []
    for path in root.glob("[!.]*"):
        try:
            found.append(((path / EVENTS).stat().st_ctime, path))
        except FileNotFoundError:
            _clear_away(path)
    return [path for _, path in sorted(found)]


def _clear_away(path: Path) -> None:
    """Remove the rest of a spool, but nothing that is not a spool's."""
    if _NAME.fullmatch(path.name):
        with suppress(OSError):
            for name in (_DELIVERED, _NEW, _WRITER, _DELIVERER):
                (path / name).unlink(missing_ok=True)
            path.rmdir()


def store_of(spool: Path) -> str:
    """Return the URI of the store that a spool is for; empty if that cannot be told."""
    with suppress(OSError, ValueError, KeyError), (spool / EVENTS).open("rb") as file:
        return str(json.loads(file.readline())["uri"])
    return ""


def has_owner(spool: Path) -> bool:
    """Tell whether the process lives that writes a spool, and then sees to it that it is delivered."""
    if not (spool / EVENTS).exists():  # or the lock would make the folder
        return False
    try:
        with FileLock(spool / _WRITER, timeout=0):
            return False
    except Timeout:
        return True


class Progress(NamedTuple):
    """How much of a spool the store has."""

    offset: int = 0  # bytes of the events
    run_id: str = ""
    began: bool = False  # the run may be in the store even if its id is not known
    has_ended: bool = False  # it has all there will ever be
    seconds: float = 0.0  # that delivery took, once that has been decided


class Reader:
    """Where one process, and no other meanwhile, reads a spool in order to deliver it."""

    def __init__(self, folder: Path, patience: float = 0) -> None:
        self.folder = folder
        self._lock = FileLock(folder / _DELIVERER, timeout=patience)

    def __enter__(self) -> Self:
        """Keep others from delivering.

        Raises:
            filelock.Timeout: another process does, for longer than the patience in seconds.
            FileNotFoundError: another process has.
        """
        if not self._is_there():  # or the lock would make the folder
            raise FileNotFoundError(self.folder)
        self._lock.acquire()
        if not self._is_there():
            self.remove()
            self._lock.release()
            raise FileNotFoundError(self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _is_there(self) -> bool:
        return (self.folder / EVENTS).exists()

    def progress(self) -> Progress:
        """Return how much the store has."""
        with suppress(FileNotFoundError):
            return Progress(**json.loads((self.folder / _DELIVERED).read_text(encoding="utf-8")))
        return Progress()

    def keep(self, progress: Progress) -> None:
        """Note how much the store has; whole or not at all."""
        new = self.folder / _NEW
        new.write_text(json.dumps(progress._asdict()), encoding="utf-8")
        new.replace(self.folder / _DELIVERED)

    def events(self, offset: int) -> Iterator[tuple[Event, int]]:
        """Yield the events that begin at an offset, and the offset behind each; an unfinished last line is none."""
        with (self.folder / EVENTS).open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                offset += len(line)
                yield json.loads(line), offset

    def last_written(self) -> int:
        """Return when an event was added last, in milliseconds since 1970."""
        return (self.folder / EVENTS).stat().st_mtime_ns // 1_000_000

    def append(self, event: Event) -> None:
        """Add an event in place of a process that has ended; half a line that it left is dropped."""
        path = self.folder / EVENTS
        content = path.read_bytes()
        with path.open("r+b") as file:
            file.truncate(content.rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
            file.write(json.dumps(event).encode() + b"\n")

    def remove(self) -> None:
        """Remove the spool, which has been delivered; before the end of the block, or another process might take it."""
        shutil.rmtree(self.folder, ignore_errors=True)
