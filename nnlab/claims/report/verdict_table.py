"""The table of all claims and their verdicts, as the project's README has it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nnlab.claims.page import page_folder
from nnlab.claims.report.content import effect_overview
from nnlab.claims.report.entries import Entry, read_entries
from nnlab.console.formatting import duration_text

_HEADERS = ("claim", "", "verdict", "effect that decides [95% interval]", "time")


def verdict_table(folder: Path, budget: str) -> str:
    """Return the table in Markdown, for a page beside the folder of the claims."""
    return "\n".join(_lines(folder, budget))


def _lines(folder: Path, budget: str) -> Iterator[str]:
    entries, without = read_entries(folder, budget)
    rows = {entry.claim.id: _row(entry, folder.parent) for entry in entries}
    rows |= {each.id: (each.id, each.statement, "none yet", "", "") for each in without}
    yield f"| {' | '.join(_HEADERS)} |"
    yield f"|{' --- |' * len(_HEADERS)}"
    yield from (f"| {' | '.join(rows[name])} |" for name in sorted(rows))


def _row(entry: Entry, beside: Path) -> tuple[str, ...]:
    page = Path(os.path.relpath(page_folder(entry.claim, entry.budget), beside)).as_posix()
    seconds = sum(entry.results.seconds.values())
    return (
        f"[{entry.claim.id}]({page})",
        entry.claim.statement.strip(),
        f"**{entry.outcome.verdict}**",
        effect_overview(entry.outcome),
        duration_text(seconds) if seconds else "",
    )
