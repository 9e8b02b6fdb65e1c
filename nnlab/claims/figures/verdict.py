"""The figure of a claim: what each seed gave in each arm, and the effects with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnlab.claims.claim import Claim
from nnlab.claims.figures.effects import draw_effects
from nnlab.claims.figures.exact import exact_figure
from nnlab.claims.figures.seeds import draw_seeds
from nnlab.claims.figures.style import row_height
from nnlab.claims.results_file import Results
from nnlab.claims.summary import arm_summaries, by_metric
from nnlab.claims.verdict import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH = 9.0  # inches


def verdict_figure(claim: Claim, results: Results, outcome: Outcome) -> Figure:
    """Draw the seeds in each metric, and beside them the effects in this metric; of exact numbers, a line for each."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    if outcome.is_exact:
        return exact_figure(outcome.effects, _WIDTH)
    panels = by_metric(arm_summaries(claim, results), outcome)
    rows = max(len(claim.arms), *(len(effects) for _, effects in panels.values()))
    figure = Figure(figsize=(_WIDTH, row_height(rows) * len(panels)), layout="constrained")
    axes = figure.subplots(len(panels), 2, squeeze=False)
    for (metric, (arms, effects)), (left, right) in zip(panels.items(), axes, strict=True):
        draw_seeds(left, arms, effects, metric)
        draw_effects(right, effects)
    return figure
