"""The report as one HTML file that needs nothing beside it: no network, no script."""

from __future__ import annotations

from pathlib import Path

from nnlab.claims.report.content import OVERVIEW, Report


def html_page(report: Report) -> str:
    """Return the page; the template and its style lie beside this file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja").render(report=report, overview=OVERVIEW)
