"""The report in Markdown: the overview, with the forest plot beside it, and the claims' own pages linked."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from nnlab.claims.page import page_folder
from nnlab.claims.report.content import OVERVIEW, Report, Section
from nnlab.claims.report.entries import Entry
from nnlab.claims.results_file import NO_VERDICT, Results
from nnlab.files import path_from

FOREST = "forest.png"


def markdown_page(report: Report, folder: Path) -> str:
    """Return the page for a folder, in which the forest plot lies."""
    return "\n".join(_lines(report, folder)) + "\n"


def linked_name(entry: Entry, folder: Path) -> str:
    """Return the name of a claim, which leads from a folder to its page, if that is there."""
    page = page_folder(entry.claim, entry.budget)
    if not (page / "README.md").exists():
        return entry.claim.id
    return f"[{entry.claim.id}]({path_from(folder, page)})"


def verdict_words(verdict: str, results: Results) -> str:
    """Return a verdict as tables have it; of a claim that was changed after results were known, other verdicts, too."""
    if not results.amended:
        return f"**{verdict}**"
    others = dict.fromkeys(each["verdict"] for each in results.amended if each["verdict"] not in (verdict, NO_VERDICT))
    return f"**{verdict}** (amended{'; before: ' if others else ''}{', '.join(others)})"


def plain(text: str) -> str:
    """Return text in which nothing is taken for HTML."""
    return escape(text, quote=False)


def _lines(report: Report, folder: Path) -> Iterator[str]:
    yield "# Claims put to the test\n"
    yield f"{report.summary}; nnlab, budget {report.budget}, written {report.written}.\n"
    yield "## Controls\n"
    yield f"{report.controls_note}\n"
    for section in report.control_sections:
        yield f"- {section.entry.claim.id}: **{section.entry.outcome.verdict}**; {section.lines[0]}"
    yield "\n## Overview\n"
    yield f"| {' | '.join(OVERVIEW)} |"
    yield f"|{' --- |' * len(OVERVIEW)}"
    yield from (_row(section, folder) for section in report.sections)
    if report.forest is not None:
        yield f"\n![{report.forest.caption}]({FOREST})\n"
    for section in report.sections:
        yield from _claim(section, folder)
    if report.unjudged:
        yield "\n## Without a verdict\n"
        yield from (f"- {each.id}: {plain(reason)}" for each in report.unjudged for reason in each.reasons)


def _row(section: Section, folder: Path) -> str:
    entry = section.entry
    verdict = verdict_words(entry.outcome.verdict, entry.results)
    return f"| {linked_name(entry, folder)} | {verdict} | {' | '.join(section.overview)} |"


def _claim(section: Section, folder: Path) -> Iterator[str]:
    yield f"\n## {linked_name(section.entry, folder)}: {section.entry.outcome.verdict}\n"
    yield f"> {plain(section.entry.claim.statement)}\n"
    yield from (f"- {line}" for line in (*section.lines, section.amended, *section.notes) if line)
    yield f"\n    {section.command}"
