"""What the figures of claims share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnlab.claims.verdict import EQUIVALENT, REFUTED, SUPPORTED
from nnlab.figures.panels import open_up

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TICKS = 6
_PLAIN_POWERS = (-3, 5)  # of ten: numbers beyond have their power of ten at the end of the axis
_ROW, _MARGINS, _LEAST_HEIGHT = 0.36, 1.4, 2.6  # inches
_COLOURS = {SUPPORTED: "tab:green", REFUTED: "tab:red", EQUIVALENT: "tab:blue"}


def verdict_colour(verdict: str) -> str:
    """Return the colour of an effect: grey where it is open."""
    return _COLOURS.get(verdict, "tab:gray")


def row_height(rows: int) -> float:
    """Return the inches that a panel of so many rows takes."""
    return max(_LEAST_HEIGHT, _MARGINS + _ROW * rows)


def describe(axes: Axes, label: str) -> None:
    """Give a panel of rows its label and its grid."""
    axes.set_xlabel(label)
    axes.locator_params(axis="x", nbins=_MOST_TICKS)
    axes.ticklabel_format(axis="x", style="sci", scilimits=_PLAIN_POWERS, useMathText=True)
    open_up(axes, grid="x")
