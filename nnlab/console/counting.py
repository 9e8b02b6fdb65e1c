"""How far a long row of small things has got: in place where a display is live, a line now and then in a pipe."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console

from nnlab.console import is_live

Item = TypeVar("Item")

_SECONDS_TO_FIRST_LINE, _SECONDS_BETWEEN_LINES = 2.0, 10.0


def counted(items: Sequence[Item], text: str, console: Console) -> Iterator[Item]:
    """Yield the items, and show how many have been done: "checking jobs: 12 of 200"."""
    if not is_live(console):
        yield from _with_lines(items, text, console)
        return
    with console.status("") as status:
        for number, item in enumerate(items):
            status.update(f"{text}: {number} of {len(items)}")
            yield item


def _with_lines(items: Sequence[Item], text: str, console: Console) -> Iterator[Item]:
    due = time.monotonic() + _SECONDS_TO_FIRST_LINE
    for number, item in enumerate(items):
        if time.monotonic() >= due:
            console.print(f"{text}: {number} of {len(items)}")
            due = time.monotonic() + _SECONDS_BETWEEN_LINES
        yield item
