"""Trains the controls, gathers the claims, and writes the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from nnlab.claims.report.content import Report, report_of
from nnlab.claims.report.controls import CONTROLS, train_controls
from nnlab.claims.report.entries import Entry, holm_adjusted, read_entries
from nnlab.claims.report.html import html_page
from nnlab.claims.report.links import Links, links_of
from nnlab.claims.report.markdown import FOREST, markdown_page
from nnlab.console import show_warning, waiting
from nnlab.errors import ConfigurationError, NnlabError
from nnlab.files import whole_file, why_not_writable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE, MARKDOWN = "index.html", "README.md"
_CONTROLS_FOLDER = "controls"


def write_report(folder: Path, output: Path, budget: str, console: Console, others: Sequence[str] = ()) -> Report:
    """Write index.html, README.md and forest.png into a folder, and return what they say.

    Args:
        folder: of the claims, which are not trained: those without results are listed as such.
        output: where to write; the controls, which are trained, leave their results there.
        budget: under which verdicts are asked.
        console: to print to.
        others: further overrides for the trainings of the controls, such as hydra/launcher=joblib.

    Raises:
        NnlabError: the folder cannot be written to, or a control could not be trained.
    """
    reason = why_not_writable(output)
    if reason is not None:
        raise ConfigurationError(f"cannot write a report to {output}: {reason}")
    output.mkdir(parents=True, exist_ok=True)
    controls = train_controls(folder, output / _CONTROLS_FOLDER, budget, console, others)
    entries, unjudged = read_entries(folder, budget, besides=[control.name for control in CONTROLS])
    entries = holm_adjusted(entries)
    with waiting(console, "drawing ..."):
        links = _links([*(control.entry for control in controls), *entries])
        report = report_of(budget, controls, entries, unjudged, links)
        _write(output / PAGE, html_page(report))
        _write(output / MARKDOWN, markdown_page(report, output))
        _save(output / FOREST, report.figure)
    return report


def _links(entries: Sequence[Entry]) -> list[Links]:
    """Return the links of each claim; without them a report is worth reading, too."""
    try:
        return links_of(entries)
    except NnlabError as error:
        show_warning(f"no links to runs: {error}")
        return [Links()] * len(entries)


def _write(path: Path, text: str) -> None:
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _save(path: Path, figure: Figure | None) -> None:
    """Write a figure as PNG; where there is none, nothing of an earlier report is left."""
    if figure is None:
        path.unlink(missing_ok=True)
        return
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png", dpi=110)
