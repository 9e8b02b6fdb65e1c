"""The report in Markdown: the overview, with the forest plot beside it, and the claims' own pages linked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nnlab.claims.page import page_folder
from nnlab.claims.report.content import OVERVIEW, Report, Section

FOREST = "forest.png"


def markdown_page(report: Report, folder: Path) -> str:
    """Return the page for a folder, in which the forest plot lies."""
    return "\n".join(_lines(report, folder)) + "\n"


def _lines(report: Report, folder: Path) -> Iterator[str]:
    yield "# Claims put to the test\n"
    counted = ", ".join(f"{count} {verdict}" for verdict, count in report.counts) or "no claim has a verdict"
    yield f"{counted}; nnlab, budget {report.budget}, written {report.written}.\n"
    yield "## Controls\n"
    yield f"{report.controls_note}\n"
    yield from (
        f"- {each.entry.claim.id}: **{each.entry.outcome.verdict}**; {each.lines[0]}" for each in report.controls
    )
    yield "\n## Overview\n"
    yield f"| {' | '.join(OVERVIEW)} |"
    yield f"|{' --- |' * len(OVERVIEW)}"
    yield from (_row(section, folder) for section in report.sections)
    if report.forest is not None:
        yield f"\n![{report.forest.caption}]({FOREST})\n"
    for section in report.sections:
        yield from _claim(section, folder)
    if report.without:
        yield "\n## Without a verdict\n"
        yield from (f"- {each.id}: {each.reason}" for each in report.without)


def _row(section: Section, folder: Path) -> str:
    claim, verdict = section.entry.claim, section.entry.outcome.verdict
    return f"| [{claim.id}]({_page(section, folder)}) | {verdict} | {' | '.join(section.overview)} |"


def _page(section: Section, folder: Path) -> str:
    return Path(
        os.path.relpath(page_folder(section.entry.claim, section.entry.budget) / "README.md", folder)
    ).as_posix()


def _claim(section: Section, folder: Path) -> Iterator[str]:
    claim = section.entry.claim
    yield f"\n## [{claim.id}]({_page(section, folder)}): {section.entry.outcome.verdict}\n"
    yield f"> {claim.statement}\n"
    yield from (f"- {line}" for line in (*section.lines, *section.notes))
    yield f"\n    {section.command}"
