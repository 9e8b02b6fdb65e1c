"""Figures for pages: SVG that follows the reader's light or dark scheme."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLE = """<style>
  :root { color: #1c1c1c }
  @media (prefers-color-scheme: dark) { :root { color: #e4e4e4 } }
  text { fill: currentColor }
</style>"""


def themed_svg(figure: Figure) -> str:
    """Return a figure as SVG: on no background, with the reader's text colour for black, and text that is text."""
    from matplotlib import rc_context  # noqa: PLC0415

    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "nnlab"}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawn = buffer.getvalue()
    svg = drawn[drawn.index("<svg") :].replace("#000000", "currentColor")
    head_end = svg.index(">") + 1
    return f"{svg[:head_end]}{_STYLE}{svg[head_end:]}"
