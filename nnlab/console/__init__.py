"""What a person sees in the terminal, in a pipe or in a notebook."""

from __future__ import annotations

import sys

from rich.console import Console

_WIDTH = 100


def new_console(*, stderr: bool = False) -> Console:
    """Return a console of at most 100 columns; in a pipe it has no colours and no live display."""
    console = Console(stderr=stderr, highlight=False)
    console.width = min(console.width, _WIDTH) if console.is_terminal else _WIDTH
    return console


def show_error(error: BaseException | str) -> None:
    """Print an error in one line of its own, on standard error."""
    print(f"error: {error}", file=sys.stderr)  # noqa: T201
