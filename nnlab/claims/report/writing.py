"""Trains the controls, gathers the claims, and writes the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from nnlab.claims.figures.forest import forest_figure
from nnlab.claims.report.content import Report, report_of
from nnlab.claims.report.controls import CONTROLS, train_controls
from nnlab.claims.report.entries import Entry, holm_adjusted, read_entries
from nnlab.claims.report.html import html_page
from nnlab.claims.report.links import links_of
from nnlab.claims.report.markdown import FOREST, markdown_page
from nnlab.claims.report.pictures import FOREST_WIDTH
from nnlab.console import waiting
from nnlab.files import whole_file

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
        NnlabError: a control could not be trained, or the store cannot be read.
    """
    output.mkdir(parents=True, exist_ok=True)
    controls = train_controls(folder, output / _CONTROLS_FOLDER, budget, console, others)
    entries, without = read_entries(folder, budget, besides=CONTROLS)
    entries = holm_adjusted(entries)
    with waiting(console, "drawing ..."):
        links = links_of([*controls, *entries])
        count = len(controls)
        report = report_of(
            budget,
            list(zip(controls, links[:count], strict=True)),
            list(zip(entries, links[count:], strict=True)),
            without,
        )
        _write(output / PAGE, html_page(report))
        _write(output / MARKDOWN, markdown_page(report, output))
        _draw_forest(output / FOREST, entries)
    return report


def _write(path: Path, text: str) -> None:
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _draw_forest(path: Path, entries: Sequence[Entry]) -> None:
    figure = forest_figure({entry.claim.id: entry.outcome.primary for entry in entries}, FOREST_WIDTH)
    if figure is not None:
        with whole_file(path) as temporary:
            figure.savefig(temporary, format="png", dpi=110)
