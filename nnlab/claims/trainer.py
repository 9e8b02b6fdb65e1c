"""A process of its own that gives one command `python -m nnlab.run ...` after the other.

The first one takes the seconds in which Numba, MLflow and others are imported and kernels are loaded; the next ones
begin at once. Ctrl-C is for the process that asks, which passes it on; however that one ends, this one ends with it.
"""

from __future__ import annotations

import atexit
import os
import runpy
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from nnlab.claims.child_process import belong_to_parent

_HANDLED = ("SIGINT", "SIGTERM", "SIGHUP")


def train(arguments: Sequence[str]) -> int:
    """Run `python -m nnlab.run` with these arguments, in the folder and the environment that this process has now.

    Returns:
        Its exit status; that of a process which was killed is the signal's number, negative.
    """
    here = _Surroundings(os.getpid(), Path.cwd(), frozenset(os.environ.items()))
    if here not in _trainers or not _trainers[here].lives():
        _dismiss()
        _trainers[here] = _Trainer()
    try:
        return _trainers[here].run(arguments)
    except EOFError:
        return _trainers.pop(here).status()


class _Surroundings(NamedTuple):
    """What a command finds when it starts."""

    parent: int
    folder: Path
    environment: frozenset[tuple[str, str]]


class _Trainer:
    """The process."""

    def __init__(self) -> None:
        self._connection, other = Pipe()
        self._process = get_context("spawn").Process(target=_serve, args=(other,))
        self._process.start()
        other.close()

    def run(self, arguments: Sequence[str]) -> int:
        """Run a command; pass Ctrl-C on to it, and let it put its records in order.

        Raises:
            EOFError: the process has ended.
        """
        with suppress(BrokenPipeError):
            self._connection.send(list(arguments))
        try:
            return int(self._connection.recv())
        except KeyboardInterrupt:
            with suppress(EOFError, ProcessLookupError):
                os.kill(self._process.pid or 0, signal.SIGINT)
                self._connection.recv()
            raise

    def lives(self) -> bool:
        """Tell whether there still is a process."""
        return self._process.is_alive()

    def status(self) -> int:
        """Return the exit status of the process, which has ended."""
        self._process.join()
        return self._process.exitcode or 1

    def close(self) -> None:
        """Let the process end."""
        self._connection.close()
        self._process.join()


_trainers: dict[_Surroundings, _Trainer] = {}  # one at most, which was started in these surroundings


@atexit.register
def _dismiss() -> None:
    for here, trainer in list(_trainers.items()):
        if here.parent == os.getpid():  # a forked process must leave it alone
            trainer.close()
    _trainers.clear()


def _serve(connection: Connection) -> None:
    """Run the commands that come, until there will be none."""
    belong_to_parent()
    with suppress(EOFError, BrokenPipeError):
        while True:
            connection.send(_status_of(connection.recv()))


def _status_of(arguments: Sequence[str]) -> int:
    """Run a command in this process as if it had one of its own, and return its exit status."""
    with _as_before():
        sys.argv = ["nnlab.run", *arguments]
        try:
            runpy.run_module("nnlab.run", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


@contextmanager
def _as_before() -> Iterator[None]:
    """Undo what a command does to its process."""
    environment, paths, arguments = dict(os.environ), list(sys.path), sys.argv
    handlers = {number: signal.getsignal(number) for name in _HANDLED if (number := getattr(signal, name, None))}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:], sys.argv = paths, arguments
        for number, handler in handlers.items():
            signal.signal(number, handler)
