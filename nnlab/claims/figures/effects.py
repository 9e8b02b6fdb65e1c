"""The effects of a claim in one metric, each with its interval, and the margin if there is one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nnlab.claims.figures.style import describe, row_height, verdict_colour
from nnlab.claims.verdict import Effect
from nnlab.claims.words import part_verdict

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def effects_figure(effects: Sequence[Effect], width: float) -> Figure:
    """Draw the effects in a figure of some inches' width."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(width, row_height(len(effects))), layout="constrained")
    draw_effects(figure.subplots(), effects)
    return figure


def draw_effects(axes: Axes, effects: Sequence[Effect]) -> None:
    """Draw the effects below each other, all in one unit."""
    places = np.arange(len(effects))[::-1]
    for place, effect in zip(places, effects, strict=True):
        draw_effect(axes, float(place), effect)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(places, [_label(effect) for effect in effects], fontsize="small")
    axes.set_ylim(-0.6, len(effects) - 0.4)
    are_points = all(effect.comparison.metric.is_percentage for effect in effects)
    describe(axes, f"{'percentage points' if are_points else 'difference'}, 95 % interval")


def draw_effect(axes: Axes, place: float, effect: Effect, unit: float = 1.0) -> None:
    """Draw one effect in a row of its own, in parts of a unit."""
    colour = verdict_colour(effect.verdict)
    if effect.comparison.margin:
        margin = effect.comparison.margin / unit
        axes.fill_betweenx([place - 0.4, place + 0.4], -margin, margin, color="tab:blue", alpha=0.12, linewidth=0)
    if not math.isnan(effect.low):
        axes.plot([effect.low / unit, effect.high / unit], [place, place], color=colour, linewidth=2)
    axes.scatter([effect.mean / unit], [place], color=colour, s=30, zorder=3)


def _label(effect: Effect) -> str:
    """Return the comparison, that of two differences in two lines, and the verdict on it, which may not count."""
    name = effect.comparison.name.replace(") - (", ")\n- (")
    return f"{name}\n{part_verdict(effect)}"
