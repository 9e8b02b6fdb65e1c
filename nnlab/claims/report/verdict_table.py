"""The table of all claims and their verdicts, as the project's README has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nnlab.claims.report.content import duration_of, effect_overview
from nnlab.claims.report.entries import Entry, read_entries
from nnlab.claims.report.markdown import linked_name, plain, verdict_words
from nnlab.claims.results_file import NO_VERDICT

_HEADERS = ("claim", "", "verdict", "effect that decides [95% interval]", "core time")


def verdict_table(folder: Path, budget: str) -> str:
    """Return the table in Markdown, for a page beside the folder of the claims."""
    return "\n".join(_lines(folder, budget))


def _lines(folder: Path, budget: str) -> Iterator[str]:
    entries, unjudged = read_entries(folder, budget)
    rows = {entry.claim.id: _row(entry, folder.parent) for entry in entries}
    rows |= {each.id: (each.id, plain(each.statement), NO_VERDICT, "", "") for each in unjudged}
    yield f"| {' | '.join(_HEADERS)} |"
    yield f"|{' --- |' * len(_HEADERS)}"
    yield from (f"| {' | '.join(rows[name])} |" for name in sorted(rows))


def _row(entry: Entry, beside: Path) -> tuple[str, ...]:
    return (
        linked_name(entry, beside),
        plain(entry.claim.statement),
        verdict_words(entry.outcome.verdict, entry.results),
        effect_overview(entry.outcome),
        duration_of(entry),
    )
