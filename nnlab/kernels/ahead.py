"""Compile what every training calls in a process of its own, while this process compiles the pieces of its network.

Numba compiles one function at a time in a process, however many threads it has. The machine code reaches this process
through the disk; what the other one does not bring, for whatever reason, is compiled here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from nnlab.kernels import entry_points, interfaces, shared_steps

_PARTS = (shared_steps.part_of_gathering, shared_steps.part_of_pass, shared_steps.part_of_step)


@contextmanager
def compiling_ahead(dtype: str, entry_point: str) -> Iterator[None]:
    """While other things are compiled, have an entry point compiled by which networks are trained, and what it calls.

    Does nothing where that has been done before.

    Args:
        dtype: "float32" or "float64".
        entry_point: "train_epoch" or "loss_and_gradients".
    """
    with ExitStack() as stack:
        if not _done(dtype, entry_point).exists():
            command = [sys.executable, "-m", "nnlab.kernels.ahead", dtype, entry_point]
            with suppress(OSError):  # then all of it is compiled here
                process = subprocess.Popen(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)  # noqa: S603
                stack.enter_context(process)  # which waits for its end
        yield


def main() -> None:
    """Compile for the dtype and the entry point that the command line names."""
    dtype, entry_point = sys.argv[1:]
    for name in (entry_point, "evaluate"):
        getattr(entry_points, name).compile(interfaces.entry_point_types(dtype)[name])
    for part in _PARTS:
        interfaces.PARTS.address(part, dtype)
    _done(dtype, entry_point).touch()


def _done(dtype: str, entry_point: str) -> Path:
    """Return the file that tells that this machine code is on disk; it lies beside it."""
    compiled: Any = entry_points.evaluate
    return Path(compiled.stats.cache_path) / f"{entry_point}-{dtype}.done"


if __name__ == "__main__":
    main()
