"""python -m nnlab.run: train one configuration, or with -m a sweep of them, from the command line.

Only Hydra is imported at the top: --help, --cfg and shell completion answer at once.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import hydra

from nnlab.composition import CONFIG_NAME, conf_folder, hydra_errors_in_one_line
from nnlab.console import show_error
from nnlab.console.commands import one_line_errors

if TYPE_CHECKING:
    from omegaconf import DictConfig

_FULL_ERROR = "HYDRA_FULL_ERROR"
_WANTS_TRACEBACK = os.environ.get(_FULL_ERROR) == "1"  # as the user set it; main() sets it too
_AFTER_INTERRUPT = "interrupted; what had finished is kept"
_OBJECTS_PER_COLLECTION = 100_000
_CALLED_BY_LLVM = "llvmlite.binding.executionengine"
_LATER = 0.1  # seconds after which a signal is sent again that came at a bad moment


def main() -> None:
    """Run the command line; exit with 2 for bad input, 1 for failed jobs, 130 after Ctrl-C, 143 after SIGTERM."""
    _handle_signals()
    _spare_collections()
    _find_plugins()
    with _one_line_errors():
        os.environ[_FULL_ERROR] = "1"  # Hydra then raises its errors instead of printing them
        hydra.main(version_base="1.3", config_path=str(conf_folder()), config_name=CONFIG_NAME)(_task)()


def _find_plugins() -> None:
    """Let Hydra find nnlab's sweepers, here and in the processes that its launchers start."""
    folder = str(Path(__file__).parent / "plugins")
    sys.path.append(folder)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), folder]))


def _spare_collections() -> None:
    """Collect garbage seldom and not at exit: a fifth of a short command goes into walks over what was imported."""
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
    atexit.register(gc.freeze)  # the first to be registered is the last to be called


def _handle_signals() -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # SIGHUP: the terminal was closed
        number = getattr(signal, name, None)  # not all are known to Windows
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    if _is_called_by_llvm(frame):
        threading.Timer(_LATER, os.kill, (os.getpid(), number)).start()
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        show_error("terminated; what had finished is kept")
        sys.exit(128 + number)


def _is_called_by_llvm(frame: FrameType | None) -> bool:
    """Tell whether code runs that LLVM has called while it compiles or loads a kernel: it ignores all exceptions."""
    while frame is not None and frame.f_globals.get("__name__") != _CALLED_BY_LLVM:
        frame = frame.f_back
    return frame is not None


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Do so for errors of Hydra, too; HYDRA_FULL_ERROR=1 shows the traceback instead."""
    with one_line_errors(_AFTER_INTERRUPT, with_traceback=_WANTS_TRACEBACK), hydra_errors_in_one_line():
        yield


def _task(composed: DictConfig) -> None:
    from nnlab.jobs.task import run_task  # noqa: PLC0415

    with _one_line_errors():
        run_task(composed)


if __name__ == "__main__":
    main()
