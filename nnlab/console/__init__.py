"""What a person sees in the terminal, in a pipe or in a notebook."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from rich.console import Console

_WIDTH = 100
_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Let consoles that are made within the block print nothing, as another one shows how far all of it has got."""
    before = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(before)


def new_console(*, stderr: bool = False) -> Console:
    """Return a console of at most 100 columns; in a pipe it has no colours and no live display."""
    console = Console(stderr=stderr, highlight=False, quiet=_is_quiet.get())
    console.width = min(console.width, _WIDTH) if console.is_terminal else _WIDTH
    return console


def is_live(console: Console) -> bool:
    """Tell whether a display may change in place: in a terminal, and in a notebook that has ipywidgets."""
    if console.quiet:
        return False
    return console.is_terminal or (console.is_jupyter and importlib.util.find_spec("ipywidgets") is not None)


def waiting(console: Console, text: str) -> AbstractContextManager[object]:
    """Show, where a display is live, what the end of a block waits for."""
    return console.status(text) if is_live(console) else nullcontext()


def show_warning(text: str) -> None:
    """Print what a user should know in one line of its own, on standard error."""
    print(f"warning: {text}", file=sys.stderr)  # noqa: T201


def show_error(error: BaseException | str) -> None:
    """Print an error in one line of its own, on standard error."""
    print(f"error: {error}", file=sys.stderr)  # noqa: T201
