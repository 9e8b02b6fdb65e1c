"""What each seed gave in each arm: a dot per seed, a thin line where neighbouring arms are compared, and the mean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from nnlab.claims.claim import Metric
from nnlab.claims.figures.style import describe, row_height
from nnlab.claims.summary import ArmSummary
from nnlab.claims.verdict import Effect

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def seeds_figure(arms: Sequence[ArmSummary], effects: Sequence[Effect], metric: Metric, width: float) -> Figure:
    """Draw the arms in one metric, and which of them are compared, in a figure of some inches' width."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(width, row_height(len(arms))), layout="constrained")
    draw_seeds(figure.subplots(), arms, effects, metric)
    return figure


def draw_seeds(axes: Axes, arms: Sequence[ArmSummary], effects: Sequence[Effect], metric: Metric) -> None:
    """Draw the arms below each other, and join the seeds of those that are compared."""
    places = np.arange(len(arms))[::-1]
    compared = [effect.comparison.weights.keys() for effect in effects]
    for (place, arm), (below, other) in pairwise(zip(places, arms, strict=True)):
        if any({arm.arm, other.arm} <= both for both in compared):
            axes.plot([arm.values, other.values], [place, below], color="grey", linewidth=0.5, alpha=0.4, zorder=1)
    for place, arm in zip(places, arms, strict=True):
        axes.scatter(arm.values, np.full(arm.values.size, place), s=14, alpha=0.6, color="tab:blue", zorder=2)
        axes.scatter([arm.mean.mean], [place], marker="|", s=260, color="black", linewidth=1.6, zorder=3)
    axes.set_yticks(places, [_label(arm) for arm in arms])
    axes.set_ylim(-0.6, len(arms) - 0.4)
    describe(axes, f"{metric.key}, a dot per seed, | the mean")


def _label(arm: ArmSummary) -> str:
    return f"{arm.arm} ({arm.diverged} diverged)" if arm.diverged else arm.arm
