"""What the processes of a claim have in common: they leave Ctrl-C to it, and none outlives it."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import parent_process


def belong_to_parent() -> None:
    """Leave Ctrl-C to the parent, and end this process as by SIGTERM as soon as that one has ended, however it has."""
    if hasattr(os, "setpgrp"):  # not on Windows
        os.setpgrp()
    threading.Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
