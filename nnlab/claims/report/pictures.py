"""The figures of a claim in a page: drawn small, so that they can be read on a phone, and each said in words."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nnlab.claims.figures.effects import effects_figure
from nnlab.claims.figures.forest import forest_figure
from nnlab.claims.figures.seeds import seeds_figure
from nnlab.claims.report.entries import Entry
from nnlab.claims.summary import ArmSummary, arm_summaries, by_metric
from nnlab.claims.words import effect_words, number
from nnlab.figures.learning_curves import curves_figure, scores_of
from nnlab.figures.svg import themed_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FOREST_WIDTH, _WIDTH = 9.0, 5.2  # inches


class Picture(NamedTuple):
    """An image that is part of the page.

    Attributes:
        source: the image itself, as an address.
        alternative: what it shows, in words, for who cannot see it.
        caption: what stands below it.
    """

    source: str
    alternative: str
    caption: str


def forest_picture(figure: Figure | None) -> Picture | None:
    """Return the figure of the effects of all claims as a picture, if there is one."""
    if figure is None:
        return None
    caption = (
        "All effects that decide, with their 95 % intervals. They are in different units, so each row has a scale of "
        "its own: it ends at the farther end of the interval, or of the margin (shaded), within which an effect is as "
        "good as none."
    )
    return _picture(figure, "Forest plot of all effects that decide; the claims below have the numbers.", caption)


def overview_figure(entries: Sequence[Entry], *, is_narrow: bool = False) -> Figure | None:
    """Return the figure of the effects of all claims, for a screen or a phone; None if none is left to chance."""
    effects = {entry.claim.id: entry.outcome.primary for entry in entries}
    return forest_figure(effects, _WIDTH if is_narrow else _FOREST_WIDTH, is_narrow=is_narrow)


def pictures(entry: Entry) -> list[Picture]:
    """Return the figures of a claim: seeds and effects in each metric, and the curves of each score.

    There is none of exact numbers, which the tables have.
    """
    if entry.outcome.is_exact:
        return []
    found = []
    for metric, (arms, effects) in by_metric(arm_summaries(entry.claim, entry.results), entry.outcome).items():
        seeds = seeds_figure(arms, effects, metric, _WIDTH)
        found.append(_picture(seeds, f"Dot plot of {metric.key}. {_means(arms)}", "Each seed of each arm."))
        words = ". ".join(map(effect_words, effects))
        found.append(
            _picture(effects_figure(effects, _WIDTH), f"Effects. {words}", "The effects with their intervals.")
        )
    curves = entry.results.curves
    for score in scores_of(curves):
        of_score = {arm: {n: band for n, band in by.items() if n.endswith(f"_{score}")} for arm, by in curves.items()}
        words = f"Learning curves of the {score} of {', '.join(curves)}; the table of arms says where they end."
        found.append(_picture(curves_figure(of_score), words, f"The {score}, epoch by epoch."))
    return found


def _means(arms: Sequence[ArmSummary]) -> str:
    return "Means: " + ", ".join(f"{arm.arm} {number(arm.mean.mean)}" for arm in arms) + "."


def _picture(figure: Figure, alternative: str, caption: str) -> Picture:
    image = base64.b64encode(themed_svg(figure).encode()).decode()
    return Picture(f"data:image/svg+xml;base64,{image}", alternative, caption)
