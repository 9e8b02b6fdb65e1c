"""The figure of a claim: what each seed gave in each arm, and the effects with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nnlab.claims.claim import Claim, Metric
from nnlab.claims.results_file import Results
from nnlab.claims.summary import ArmSummary, arm_summaries
from nnlab.claims.verdict import EQUIVALENT, REFUTED, SUPPORTED, Effect, Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _ROW, _LEAST_HEIGHT = 9.0, 0.36, 2.6  # inches
_COLOURS = {SUPPORTED: "tab:green", REFUTED: "tab:red", EQUIVALENT: "tab:blue"}
_OPEN = "tab:gray"


def claim_figure(claim: Claim, results: Results, outcome: Outcome) -> Figure:
    """Draw a panel of seeds for each metric, and below it the effects in this metric."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    summaries = arm_summaries(claim, results)
    metrics = list(dict.fromkeys(summary.metric for summary in summaries))
    effects = {metric: [e for e in outcome.effects if e.comparison.metric == metric] for metric in metrics}
    rows = max(len(claim.arms), *map(len, effects.values()))
    height = max(_LEAST_HEIGHT, 1.4 + _ROW * rows)
    figure = Figure(figsize=(_WIDTH, height * len(metrics)), layout="constrained")
    panels = figure.subplots(len(metrics), 2, squeeze=False)
    for metric, (seeds, forest) in zip(metrics, panels, strict=True):
        _draw_seeds(seeds, [summary for summary in summaries if summary.metric == metric], metric)
        _draw_forest(forest, effects[metric])
    return figure


def _draw_seeds(axes: Axes, arms: Sequence[ArmSummary], metric: Metric) -> None:
    """Draw a dot per seed, a thin line between the arms of each seed, and the mean."""
    places = np.arange(len(arms))[::-1]
    values = np.array([arm.values for arm in arms])
    for seed in values.T:
        axes.plot(seed, places, color="grey", linewidth=0.5, alpha=0.4, zorder=1)
    for place, arm in zip(places, arms, strict=True):
        axes.scatter(arm.values, np.full(arm.values.size, place), s=14, alpha=0.6, color="tab:blue", zorder=2)
        axes.scatter([arm.mean.mean], [place], marker="|", s=260, color="black", linewidth=1.6, zorder=3)
    axes.set_yticks(places, [_label(arm) for arm in arms])
    axes.set_ylim(-0.6, len(arms) - 0.4)
    _describe(axes, f"{metric.key}, a dot per seed, | the mean")


def _label(arm: ArmSummary) -> str:
    return f"{arm.arm} ({arm.diverged} diverged)" if arm.diverged else arm.arm


def _draw_forest(axes: Axes, effects: Sequence[Effect]) -> None:
    """Draw each effect with its interval, the line of no effect, and the margin where there is one."""
    axes.axvline(0, color="black", linewidth=0.8)
    places = np.arange(len(effects))[::-1]
    for place, effect in zip(places, effects, strict=True):
        colour = _COLOURS.get(effect.verdict, _OPEN)
        margin = effect.comparison.margin
        if margin:
            axes.fill_betweenx([place - 0.4, place + 0.4], -margin, margin, color="tab:blue", alpha=0.12, linewidth=0)
        if not math.isnan(effect.low):
            axes.plot([effect.low, effect.high], [place, place], color=colour, linewidth=2)
        axes.scatter([effect.mean], [place], color=colour, s=30, zorder=3)
    axes.set_yticks(places, [_effect_label(effect) for effect in effects], fontsize="small")
    axes.set_ylim(-0.6, len(effects) - 0.4)
    _describe(axes, "difference, 95 % interval")


def _effect_label(effect: Effect) -> str:
    """Return the comparison, that of two differences in two lines, and the verdict on it."""
    name = effect.comparison.name.replace(") - (", ")\n- (")
    return f"{name}\n{effect.verdict}"


def _describe(axes: Axes, label: str) -> None:
    axes.set_xlabel(label)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", alpha=0.25)
