"""The figure of a claim that leaves nothing to chance: what was expected and what came out, a line for each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnlab.claims.figures.style import verdict_colour
from nnlab.claims.verdict import SUPPORTED, Effect
from nnlab.claims.words import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW, _AROUND = 0.26, 0.5  # inches
_HEADS = ("number", "expected", "found", "off by", "allowed", "")
_PLACES = (0.0, 0.38, 0.56, 0.74, 0.85, 0.94)  # of the columns, in parts of the width
_DIGITS = 10


def exact_figure(effects: Sequence[Effect], width: float) -> Figure:
    """Write a line for each number in a figure of some inches' width: the seed that is farthest off counts."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    rows = len(effects) + 1
    figure = Figure(figsize=(width, _AROUND + _ROW * rows))
    axes = figure.add_axes((0.02, 0.02, 0.96, 0.96))
    axes.set_axis_off()
    axes.set_ylim(rows, 0)
    for x, head in zip(_PLACES, _HEADS, strict=True):
        axes.text(x, 0.5, head, fontsize=9, fontweight="bold", va="center")
    for place, effect in enumerate(effects, start=1):
        for x, cell in zip(_PLACES, _cells(effect), strict=True):
            colour = verdict_colour(effect.verdict) if x == _PLACES[-1] else "black"
            axes.text(x, place + 0.5, cell, fontsize=9, va="center", color=colour)
    return figure


def _cells(effect: Effect) -> tuple[str, ...]:
    comparison = effect.comparison
    return (
        f"{', '.join(comparison.weights)}: {comparison.metric.key}",
        f"{comparison.constant:.{_DIGITS}g}",
        f"{comparison.constant + effect.mean:.{_DIGITS}g}",
        number(effect.mean),
        number(comparison.margin or 0.0),
        "as stated" if effect.verdict == SUPPORTED else effect.verdict,
    )
