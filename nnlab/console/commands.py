"""How the commands end that were given something they cannot use, or were interrupted."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from nnlab.console import show_error
from nnlab.errors import USAGE_ERROR, NnlabError

INTERRUPTED = 128 + signal.SIGINT  # exit status, as shells have it


@contextmanager
def one_line_errors(interrupted: str = "interrupted", *, with_traceback: bool = False) -> Iterator[None]:
    """Turn what a user caused into a line for each problem and an exit status: 2, or 130 after Ctrl-C.

    Args:
        interrupted: what to say after Ctrl-C.
        with_traceback: let errors through as they are.
    """
    try:
        yield
    except NnlabError as error:
        if with_traceback:
            raise
        for line in error.lines:
            show_error(line)
        sys.exit(USAGE_ERROR)
    except KeyboardInterrupt:
        show_error(interrupted)
        sys.exit(INTERRUPTED)
