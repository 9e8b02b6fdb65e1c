"""How the commands end that were given something they cannot use, or were interrupted."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from nnlab.console import show_error
from nnlab.errors import USAGE_ERROR, NnlabError

INTERRUPTED = 128 + signal.SIGINT  # exit status, as shells have it
BROKEN_PIPE = 128 + 13  # likewise, of SIGPIPE, which Windows does not know


@contextmanager
def one_line_errors(interrupted: str = "interrupted", *, with_traceback: bool = False) -> Iterator[None]:
    """Turn what a user caused into a line for each problem and an exit status: 2, or 130 after Ctrl-C.

    Args:
        interrupted: what to say after Ctrl-C.
        with_traceback: let errors through as they are.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        if not _reader_has_gone():
            raise
        sys.exit(BROKEN_PIPE)
    except NnlabError as error:
        if with_traceback:
            raise
        for line in error.lines:
            show_error(line)
        sys.exit(USAGE_ERROR)
    except KeyboardInterrupt:
        show_error(interrupted)
        sys.exit(INTERRUPTED)


def _reader_has_gone() -> bool:
    """Tell whether nobody reads what is printed any more, as behind `| head`; what is left is thrown away then."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    if not any(event & select.POLLERR for _, event in output.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit would complain again
    return True
