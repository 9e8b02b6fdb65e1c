"""How far a long row of small things has got: in place where a display is live, a line now and then in a pipe."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar, cast

from rich.console import Console

from nnlab.console import is_live

Item = TypeVar("Item")

_SECONDS_TO_FIRST_LINE, _SECONDS_BETWEEN_LINES = 2.0, 10.0


def counted(items: Iterable[Item], text: str, console: Console, count: int | None = None) -> Iterator[Item]:
    """Yield the items, and show how many have been done: "checking jobs: 12 of 200".

    Args:
        items: their number is known, or else given as `count`; each counts as done when the next one is asked for.
        text: what is done.
        console: to show it on.
        count: how many there are.
    """
    total = len(cast(Sized, items)) if count is None else count
    if not is_live(console):
        yield from _with_lines(items, f"{text}: {{}} of {total}", console)
        return
    with console.status(f"{text}: 0 of {total}") as status:
        for number, item in enumerate(items, start=1):
            yield item
            status.update(f"{text}: {number} of {total}")


def _with_lines(items: Iterable[Item], text: str, console: Console) -> Iterator[Item]:
    due = time.monotonic() + _SECONDS_TO_FIRST_LINE
    for number, item in enumerate(items, start=1):
        yield item
        if time.monotonic() >= due:
            console.print(text.format(number))
            due = time.monotonic() + _SECONDS_BETWEEN_LINES
