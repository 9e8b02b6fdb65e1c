"""What each seed gave in each arm: a dot per seed, a thin line where neighbouring arms are compared, and the mean.

Of what happens to a seed or not: the share of seeds, as a bar with its interval.
"""

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
    """Draw the arms below each other; of what happens to a seed or not, how often it does."""
    places = np.arange(len(arms))[::-1]
    if metric.is_count:
        _draw_shares(axes, places, arms)
    else:
        _join_compared(axes, places, arms, effects)
        _draw_dots(axes, places, arms)
    axes.set_yticks(places, [_label(arm) for arm in arms])
    axes.set_ylim(-0.6, len(arms) - 0.4)
    shown = "share of seeds, 95 % interval" if metric.is_count else "a dot per seed, | the mean"
    describe(axes, f"{metric.key}{' in %' if metric.is_percentage else ''}, {shown}")


def _draw_shares(axes: Axes, places: np.ndarray, arms: Sequence[ArmSummary]) -> None:
    """Draw a bar for each arm, and the interval of its share: of ones and zeros, dots would lie on each other."""
    shares = [arm.mean for arm in arms]
    axes.barh(places, [share.mean for share in shares], height=0.45, color="tab:blue", alpha=0.6)
    for place, share in zip(places, shares, strict=True):
        axes.plot([share.low, share.high], [place, place], color="black", linewidth=1.6)
    axes.set_xlim(-0.03, 1.03)


def _join_compared(axes: Axes, places: np.ndarray, arms: Sequence[ArmSummary], effects: Sequence[Effect]) -> None:
    """Join the seeds of neighbouring arms that are compared."""
    compared = [effect.comparison.weights.keys() for effect in effects]
    for (place, arm), (below, other) in pairwise(zip(places, arms, strict=True)):
        if any({arm.arm, other.arm} <= both for both in compared):
            axes.plot([arm.values, other.values], [place, below], color="grey", linewidth=0.5, alpha=0.4, zorder=1)


def _draw_dots(axes: Axes, places: np.ndarray, arms: Sequence[ArmSummary]) -> None:
    for place, arm in zip(places, arms, strict=True):
        axes.scatter(arm.values, np.full(arm.values.size, place), s=14, alpha=0.6, color="tab:blue", zorder=2)
        axes.scatter([arm.mean.mean], [place], marker="|", s=260, color="black", linewidth=1.6, zorder=3)


def _label(arm: ArmSummary) -> str:
    return f"{arm.arm} ({arm.diverged} diverged)" if arm.diverged else arm.arm
