"""All effects of several claims in one figure, each on a scale of its own, as they are in different units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nnlab.claims.claim import DETERMINISTIC
from nnlab.claims.figures.effects import draw_effect
from nnlab.claims.verdict import Effect
from nnlab.claims.words import interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _NARROW_ROW, _MARGINS = 0.3, 0.45, 1.1  # inches
_REACH = 1.08


def forest_figure(claims: Mapping[str, Sequence[Effect]], width: float, *, is_narrow: bool = False) -> Figure | None:
    """Draw the effects that are left to chance, by claim, in a figure of some inches' width; None if there are none.

    Names and numbers stand beside the rows, or in a narrow figure above them.

    The ends of each row are the farther end of its interval, or its margin if that is farther, so that rows say which
    way an effect goes and how sure that is, and not how large it is: the numbers beside them say that.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    rows = [(claim, effect) for claim, effects in claims.items() for effect in effects if _is_shown(effect)]
    if not rows:
        return None
    height = _MARGINS + (_NARROW_ROW if is_narrow else _ROW) * len(rows)
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color="black", linewidth=0.8)
    for place, (_, effect) in enumerate(rows):
        draw_effect(axes, place, effect, unit=_farthest(effect))
    (_name_above if is_narrow else _name_beside)(axes, rows)
    _describe(axes, len(rows))
    return figure


def _is_shown(effect: Effect) -> bool:
    return effect.comparison.kind != DETERMINISTIC and not math.isnan(effect.mean)


def _farthest(effect: Effect) -> float:
    ends = [effect.mean, effect.low, effect.high, effect.comparison.margin or 0.0]
    return max(abs(end) for end in ends if not math.isnan(end)) or 1.0


def _name_beside(axes: Axes, rows: Sequence[tuple[str, Effect]]) -> None:
    """Name each row at its left, each claim once, and give its numbers at its right."""
    names, before = [], ""
    for place, (claim, effect) in enumerate(rows):
        names.append(effect.comparison.name if claim == before else f"{claim}:  {effect.comparison.name}")
        if claim != before and place:
            axes.axhline(place - 0.5, color="grey", linewidth=0.4, alpha=0.5)
        before = claim
    axes.set_yticks(range(len(rows)), names, fontsize="small")
    numbers = axes.secondary_yaxis("right")
    numbers.set_yticks(range(len(rows)), [interval(e.mean, e.low, e.high) for _, e in rows], fontsize="small")
    for side in (axes, numbers):
        side.tick_params(axis="y", length=0)
    numbers.spines["right"].set_visible(False)


def _name_above(axes: Axes, rows: Sequence[tuple[str, Effect]]) -> None:
    """Put the name of each row, and its numbers, above it."""
    for place, (claim, effect) in enumerate(rows):
        height = place - 0.3
        axes.text(-_REACH, height, f"{claim}: {effect.comparison.name}", fontsize=8, va="center")
        axes.text(_REACH, height, interval(effect.mean, effect.low, effect.high), fontsize=8, va="center", ha="right")
    axes.set_yticks([])


def _describe(axes: Axes, rows: int) -> None:
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_xlim(-_REACH, _REACH)
    axes.set_xticks([-1, 0, 1], ["below 0", "0", "above 0"])
    axes.set_xlabel("green: as claimed, red: the opposite, blue: equivalent, grey: open", fontsize="small")
    axes.spines[["top", "right", "left"]].set_visible(False)
